using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Sqlite;

/// <summary>SQLite in WAL mode with <c>synchronous=FULL</c>: an acknowledged commit survives a power cut.</summary>
internal sealed class SqliteDatabase(string connectionString)
    : RowWiseDatabase("sqlite", SqliteFactory.Instance.CreateDataSource(connectionString))
{
    /// <summary>
    /// A checkpoint after 4,000 pages (16 MB) instead of 1,000, since it writes a page that changed many times only
    /// once. A cache of 16 MB instead of 2, which holds the inner nodes of the indexes of a million tokens.
    /// </summary>
    private const string Pragmas =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000; "
        + "PRAGMA wal_autocheckpoint=4000; PRAGMA cache_size=-16384;";

    public override async Task<DbConnection> Open()
    {
        var connection = await base.Open();
        await using var pragmas = connection.Command(Pragmas);
        await pragmas.ExecuteNonQueryAsync();
        return connection;
    }

    public override bool IsTransient(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    public override bool IsAboutData(DbException exception) =>
        exception is SqliteException
        {
            SqliteErrorCode: raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE,
        };

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

    protected override RowStatement Prepare(DbConnection connection, string sql) =>
        new SqliteRowStatement((SqliteConnection)connection, sql);

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command("BEGIN EXCLUSIVE");
        await command.ExecuteNonQueryAsync();
    }
}
