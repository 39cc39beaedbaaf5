using System.Data.Common;
using System.Globalization;

namespace TokenActors.Storage.Databases;

/// <summary>
/// SQL Server through ADO.NET's common types. Its driver is there only in a build that asks for it. Written to the documentation of server
/// and driver and not yet run against a server: see decision 17.
/// </summary>
internal sealed class SqlServerDatabase(string connectionString) : RowWiseDatabase("sqlserver", Driver!.CreateDataSource(connectionString))
{
    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;
    private const int MissingTable = 208;

    private static readonly int[] UniqueViolations = [2601, 2627];

    /// <summary>Truncation, failed conversion, broken constraint.</summary>
    private static readonly int[] DataErrors = [245, 515, 547, 2628, 8114, 8152];

    /// <summary>Null where the build has no driver.</summary>
    public static DbProviderFactory? Driver { get; } =
        (DbProviderFactory?)Type.GetType("Microsoft.Data.SqlClient.SqlClientFactory, Microsoft.Data.SqlClient")?.GetField("Instance")?.GetValue(null);

    public override bool IsTransient(DbException exception) => NumberOf(exception) is Deadlock or LockTimeout;

    public override bool IsAboutData(DbException exception) => IsUniqueViolation(exception) || DataErrors.Contains(NumberOf(exception));

    public override bool IsUniqueViolation(DbException exception) => UniqueViolations.Contains(NumberOf(exception));

    public override bool IsMissingTable(DbException exception) => NumberOf(exception) == MissingTable;

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command(Sql["migration_lock"]);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The driver puts the server's error number here for those who do not know its exception type.</summary>
    private static int NumberOf(DbException exception) =>
        int.TryParse(exception.Data["HelpLink.EvtID"] as string, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
