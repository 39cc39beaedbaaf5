using System.Data.Common;
using Microsoft.Data.SqlClient;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.SqlServer;

/// <summary>
/// SQL Server. Written by the documentation of server and driver, and not yet run against a server: see decision 17.
/// </summary>
internal sealed class SqlServerDatabase(string connectionString)
    : RowWiseDatabase("sqlserver", SqlClientFactory.Instance.CreateDataSource(connectionString))
{
    private const int Deadlock = 1205;
    private const int LockTimeout = 1222;
    private const int MissingTable = 208;

    private static readonly int[] UniqueViolations = [2601, 2627];

    /// <summary>Truncation, failed conversion, broken constraint.</summary>
    private static readonly int[] DataErrors = [245, 515, 547, 2628, 8114, 8152];

    public override bool IsTransient(DbException exception) => NumberOf(exception) is Deadlock or LockTimeout;

    public override bool IsAboutData(DbException exception) =>
        IsUniqueViolation(exception) || DataErrors.Contains(NumberOf(exception));

    public override bool IsUniqueViolation(DbException exception) => UniqueViolations.Contains(NumberOf(exception));

    public override bool IsMissingTable(DbException exception) => NumberOf(exception) == MissingTable;

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command(Sql["migration_lock"]);
        await command.ExecuteNonQueryAsync();
    }

    private static int NumberOf(DbException exception) => exception is SqlException sql ? sql.Number : 0;
}
