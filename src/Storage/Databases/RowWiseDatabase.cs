using System.Data.Common;
using System.Runtime.CompilerServices;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>A database that takes a batch as one transaction of prepared statements, a row at a time.</summary>
internal abstract class RowWiseDatabase(string name, DbDataSource source) : Database(name, source)
{
    private readonly ConditionalWeakTable<DbConnection, Statements> _statements = [];

    public override Task<HashSet<RecordKey>> WriteBatch(DbConnection connection, string serviceId, IReadOnlyList<Commit> batch)
    {
        // Synchronous: the writer's loop runs on a thread of its own for as long as it writes.
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

    public override Task<List<StoredRecord>> ReadMany(DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys)
    {
        var read = _statements.GetValue(connection, c => new Statements(c, Sql)).Read;
        List<StoredRecord> found = [];
        foreach (var key in keys)
        {
            using var reader = read.With(null, [("service", serviceId), ("kind", key.Kind), ("id", key.Id)]).ExecuteReader();
            if (reader.Read())
            {
                found.Add(RecordColumns.Read(reader));
            }
        }

        return Task.FromResult(found);
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

        public RowCommand Read { get; } = new(connection, sql["read"]);

        public RowCommand Live { get; } = new(connection, sql["live"]);

        public RowCommand Audit { get; } = new(connection, sql["audit"]);

        public RowCommand Touch { get; } = new(connection, sql["touch"]);
    }
}
