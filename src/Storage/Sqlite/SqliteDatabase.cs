using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Sqlite;

/// <summary>SQLite in WAL mode with <c>synchronous=FULL</c>: an acknowledged commit survives a power cut.</summary>
internal sealed class SqliteDatabase(string connectionString)
    : RowWiseDatabase("sqlite", SqliteFactory.Instance.CreateDataSource(connectionString))
{
    /// <summary>Seconds that a lock of another process is waited for, by the driver and by SQLite itself.</summary>
    private const int LockTimeout = 2;

    /// <summary>The number of <c>synchronous=FULL</c>.</summary>
    private const int Full = 2;

    /// <summary>What the driver has where the connection string names none.</summary>
    private const int DriversTimeout = 30;

    /// <summary>
    /// A checkpoint after 4,000 pages (16 MB) instead of 1,000, since it writes a page that changed many times only
    /// once. A cache of 16 MB instead of 2, which holds the inner nodes of the indexes of a million tokens.
    /// </summary>
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=2000; "
        + "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16384;";

    public override async Task<DbConnection> Open()
    {
        var connection = await base.Open();
        if (connection is SqliteConnection { DefaultTimeout: DriversTimeout } sqlite)
        {
            sqlite.DefaultTimeout = LockTimeout;
        }

        return await connection.With(Pragmas);
    }

    public override bool IsTransient(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    public override bool IsAboutData(DbException exception) =>
        exception is SqliteException
        {
            SqliteErrorCode: raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE,
        };

    /// <summary>All but wrong statements, which are SQLITE_ERROR and SQLITE_MISUSE.</summary>
    protected override bool IsOutage(DbException error) =>
        error is not SqliteException { SqliteErrorCode: raw.SQLITE_ERROR or raw.SQLITE_MISUSE };

    public override string CodeOf(DbException error) =>
        ((error as SqliteException)?.SqliteErrorCode ?? 0).ToString(CultureInfo.InvariantCulture);

    public override bool IsUniqueViolation(DbException exception) =>
        exception is SqliteException
        {
            SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY,
        };

    public override bool IsMissingTable(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR }
        && exception.Message.Contains("no such table", StringComparison.Ordinal);

    /// <summary>
    /// The first sets no indexed column, and matches only rows whose indexed columns do not change: SQLite rewrites the
    /// index entries of every column that an update sets.
    /// </summary>
    protected override string[] Updates { get; } = ["update_in_place", "update"];

    public override IReadOnlyList<string> HotStatements =>
        ["read", "insert", "update_in_place", "touch", "due", "find_by_name"];

    public override bool IsScan(string line) => line.StartsWith("SCAN records", StringComparison.Ordinal);

    public override async Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection)
    {
        await using var command = connection.Command(Sql["server"]);
        var (version, journal, synchronous) =
            (await command.ReadAll(row => (row.GetString(0), row.GetString(1), row.GetInt32(2))))[0];
        return
        [
            new("version", $"SQLite {version}"),
            new("isolation", $"one writer, journal_mode={journal}, synchronous={synchronous}",
                synchronous == Full ? null : "synchronous must be 2 (FULL): a power cut could undo what was acknowledged"),
            new("collation", "BINARY"),
            new("rights", connection.DataSource, IsReadOnly(connection) ? "the file cannot be written" : null),
        ];
    }

    public override async Task<List<string>> Explain(DbConnection connection, string statement, string serviceId)
    {
        await using var command = connection.Command($"EXPLAIN QUERY PLAN {Sql[statement]}", ("service", serviceId));
        foreach (var name in SqlText.ParametersOf(Sql[statement]).Where(name => name != "service"))
        {
            command.Bind(name, null);
        }

        return await command.ReadAll(row => row.GetString(3));
    }

    private static bool IsReadOnly(DbConnection connection) =>
        connection is SqliteConnection { Handle: { } handle } && raw.sqlite3_db_readonly(handle, "main") != 0;

    protected override RowStatement Prepare(DbConnection connection, string sql) =>
        new SqliteRowStatement((SqliteConnection)connection, sql);

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command("BEGIN EXCLUSIVE");
        command.CommandTimeout = Commands.NoTimeout;
        await command.ExecuteNonQueryAsync();
    }
}
