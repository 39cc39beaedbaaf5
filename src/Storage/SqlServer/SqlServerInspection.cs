using System.Data.Common;
using System.Globalization;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.SqlServer;

/// <summary>What is asked of the server itself.</summary>
internal static class SqlServerInspection
{
    /// <summary>SQL Server 2019.</summary>
    private const int LeastVersion = 15;

    public static async Task<IReadOnlyList<ServerFact>> Inspect(SqlText sql, DbConnection connection)
    {
        await using var rights = connection.Command(sql["server_rights"]);
        var lacking = await rights.ExecuteScalarAsync() as string ?? "all";
        return
        [
            .. await Server(sql, connection),
            lacking.Length == 0
                ? new("rights", "all")
                : new("rights", $"not all on {lacking}", "GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::dbo TO the login"),
        ];
    }

    /// <summary>Version, isolation, collation and whether it is read-only: what a start asks too.</summary>
    public static async Task<ServerFact[]> Server(SqlText sql, DbConnection connection)
    {
        await using var command = connection.Command(sql["server"]);
        return (await command.ReadAll(row =>
            Facts(row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(4), row.GetInt32(5))))[0];
    }

    /// <summary>What a server's answers mean.</summary>
    public static ServerFact[] Facts(string version, int isSnapshot, string collation, string name, int isReadOnly) =>
    [
        new("version", version, Major(version) < LeastVersion ? "2019 (15) is the least version" : null),
        new("isolation", isSnapshot == 1 ? "READ_COMMITTED_SNAPSHOT ON" : "READ_COMMITTED_SNAPSHOT OFF",
            isSnapshot == 1
                ? null
                : "readers and writers would deadlock; run ALTER DATABASE "
                    + $"[{name.Replace("]", "]]", StringComparison.Ordinal)}] "
                    + "SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE"),
        new("collation", $"{collation}; the service's columns have their own, Latin1_General_100_BIN2"),
        new("read-only", isReadOnly == 0 ? "no" : "yes", isReadOnly == 0 ? null : "it cannot be written"),
    ];

    /// <summary>A batch that declares what the statement has as parameters: plans are shown of batches.</summary>
    public static string Batch(string statement)
    {
        var declared = SqlText.ParametersOf(statement).Where(name => name is not ("done" or "live"))
            .Select(name => name is "until" ? $"@{name} bigint" : $"@{name} nvarchar(4000)");
        return $"DECLARE {string.Join(", ", declared)};\n{statement}";
    }

    private static int Major(string version) =>
        int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
