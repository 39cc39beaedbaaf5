using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>SQLite in WAL mode with <c>synchronous=FULL</c>: an acknowledged commit survives a power cut.</summary>
internal sealed class SqliteDatabase(string connectionString)
    : Database("sqlite", SqliteFactory.Instance.CreateDataSource(connectionString))
{
    private readonly ConditionalWeakTable<DbConnection, Statements> _statements = [];

    public override async Task<DbConnection> Open()
    {
        var connection = await base.Open();
        await using var pragmas = connection.Command("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;");
        await pragmas.ExecuteNonQueryAsync();
        return connection;
    }

    public override Task<HashSet<RecordKey>> WriteBatch(DbConnection connection, string serviceId, IReadOnlyList<Commit> batch)
    {
        // Sqlite's calls are synchronous underneath; the writer's loop runs on a thread of its own for as long as it writes.
        var statements = _statements.GetValue(connection, c => new Statements(c, Sql));
        HashSet<RecordKey> done = [];
        using var transaction = connection.BeginTransaction();
        foreach (var commit in batch)
        {
            if (commit.LiveParents.Any(parent => !IsLive(statements, transaction, serviceId, parent)))
            {
                continue;
            }

            var write = commit.Purges ? statements.Purge : commit.ExpectedVersion == 0 ? statements.Insert : statements.Update;
            if (write.With(transaction, Commands.Parameters(serviceId, commit)).ExecuteNonQuery() == 0)
            {
                continue;
            }

            done.Add(commit.Record.Key);
            foreach (var entry in commit.Audit)
            {
                statements.Audit.With(transaction, Commands.Parameters(serviceId, entry)).ExecuteNonQuery();
            }
        }

        transaction.Commit();
        return Task.FromResult(done);
    }

    public override Task WriteTouches(DbConnection connection, string serviceId, IReadOnlyList<Touch> touches)
    {
        var statements = _statements.GetValue(connection, c => new Statements(c, Sql));
        using var transaction = connection.BeginTransaction();
        foreach (var touch in touches)
        {
            statements.Touch.With(transaction, Commands.Parameters(serviceId, touch)).ExecuteNonQuery();
        }

        transaction.Commit();
        return Task.CompletedTask;
    }

    public override bool IsTransient(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    public override bool IsAboutData(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE };

    public override bool IsUniqueViolation(DbException exception) =>
        exception is SqliteException
        {
            SqliteExtendedErrorCode: raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY,
        };

    public override bool IsMissingTable(DbException exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } && exception.Message.Contains("no such table", StringComparison.Ordinal);

    public override async Task LockForMigration(DbConnection connection)
    {
        await using var command = connection.Command("BEGIN EXCLUSIVE");
        await command.ExecuteNonQueryAsync();
    }

    private static bool IsLive(Statements statements, DbTransaction transaction, string serviceId, RecordKey key)
    {
        using var reader = statements.Live.With(transaction, [("service", serviceId), ("kind", key.Kind), ("id", key.Id)]).ExecuteReader();
        return reader.Read();
    }

    private sealed class Statements(DbConnection connection, SqlText sql)
    {
        public RowCommand Insert { get; } = new(connection, sql["insert"]);

        public RowCommand Update { get; } = new(connection, sql["update"]);

        public RowCommand Purge { get; } = new(connection, sql["purge"]);

        public RowCommand Live { get; } = new(connection, sql["live"]);

        public RowCommand Audit { get; } = new(connection, sql["audit"]);

        public RowCommand Touch { get; } = new(connection, sql["touch"]);
    }
}
