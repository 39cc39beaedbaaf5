using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>A database whose batch is one transaction of prepared statements, executed row by row.</summary>
internal abstract class RowWiseDatabase(string name, DbDataSource source) : Database(name, source)
{
    private readonly ConditionalWeakTable<DbConnection, Statements> _statements = [];
    private readonly ConditionalWeakTable<DbConnection, DbCommand> _reads = [];

    /// <summary>The names of the update statements: the first that changes the row is the last that is tried.</summary>
    protected virtual string[] Updates => ["update"];

    public override async Task<HashSet<RecordKey>> WriteBatch(
        DbConnection connection, string serviceId, IReadOnlyList<Commit> batch)
    {
        // Synchronous in effect: no caller's thread runs this, and SQLite's driver has no asynchronous calls.
        using var transaction = connection.BeginTransaction();
        var statements = On(connection, transaction);
        HashSet<RecordKey> done = [];
        foreach (var commit in batch)
        {
            if (commit.LiveParents.All(parent => IsLive(statements.Live, serviceId, parent))
                && !await IsKeyTaken(connection, transaction, serviceId, commit)
                    && Write(statements, serviceId, commit))
            {
                done.Add(commit.Record.Key);
                await WriteImportedKeys(connection, transaction, serviceId, commit);
                foreach (var companion in Companions.Of(commit))
                {
                    statements.Companions[companion].Add(serviceId, commit);
                    statements.Companions[companion].Execute();
                }

                foreach (var entry in commit.Audit)
                {
                    statements.Audit.Add(serviceId, entry);
                    statements.Audit.Execute();
                    Tell(statements, serviceId, entry);
                }
            }
        }

        transaction.Commit();
        return done;
    }

    public override Task WriteUsage(DbConnection connection, string serviceId, IReadOnlyList<UsageUpdate> updates)
    {
        using var transaction = connection.BeginTransaction();
        var statement = On(connection, transaction).Usage;
        foreach (var update in updates)
        {
            statement.Add(serviceId, update);
            statement.Execute();
        }

        transaction.Commit();
        return Task.CompletedTask;
    }

    public override async Task<List<StoredRecord>> ReadMany(
        DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys)
    {
        var read = _reads.GetValue(
            connection, c => c.Command(Sql["read"], ("service", serviceId), ("kind", ""), ("id", "")));
        List<StoredRecord> found = [];
        foreach (var key in keys)
        {
            read.Parameters[1].Value = key.Kind;
            read.Parameters[2].Value = key.Id;
            found.AddRange(await read.ReadAll(RecordColumns.Read));
        }

        return found;
    }

    /// <summary>Prepares a statement that is executed for each row.</summary>
    protected virtual RowStatement Prepare(DbConnection connection, string sql) => new DbRowStatement(connection, sql);

    /// <summary>Writes one row; false where it was not at the expected version.</summary>
    private static bool Write(Statements statements, string serviceId, Commit commit)
    {
        bool Does(RowStatement statement)
        {
            statement.Add(serviceId, commit);
            return statement.Execute() > 0;
        }

        return commit switch
        {
            { Purges: true } => Does(statements.Purge),
            { ExpectedVersion: 0 } => Does(statements.Insert),
            _ => statements.Updates.Any(Does),
        };
    }

    private static void Tell(Statements statements, string serviceId, AuditEntry entry)
    {
        if (entry.Payload is not { } payload)
        {
            return;
        }

        statements.Event.AddEvent(serviceId, entry);
        statements.Event.Execute();
        foreach (var endpoint in payload.Endpoints)
        {
            statements.Delivery.AddDelivery(serviceId, payload, endpoint);
            statements.Delivery.Execute();
        }
    }

    private static bool IsLive(RowStatement live, string serviceId, RecordKey key)
    {
        live.Add(serviceId, key);
        return live.Finds();
    }

    private Statements On(DbConnection connection, DbTransaction transaction)
    {
        var statements = _statements.GetValue(
            connection, c => new Statements(name => Prepare(c, Sql[name]), Updates, c));
        statements.Join(transaction);
        return statements;
    }

    /// <summary>The prepared statements of one connection; they are disposed of when it closes.</summary>
    private sealed class Statements
    {
        private readonly RowStatement[] _all;

        public Statements(Func<string, RowStatement> prepare, string[] updates, DbConnection connection)
        {
            Insert = prepare("insert");
            Updates = [.. updates.Select(prepare)];
            Purge = prepare("purge");
            Live = prepare("live");
            Audit = prepare("audit");
            Event = prepare("event");
            Delivery = prepare("delivery");
            Usage = prepare("touch");
            Companions = Databases.Companions.All.ToDictionary(name => name, prepare);
            _all = [Insert, .. Updates, Purge, Live, Audit, Event, Delivery, Usage, .. Companions.Values];
            connection.StateChange += (_, change) =>
            {
                if (change.CurrentState == ConnectionState.Closed)
                {
                    Array.ForEach(_all, statement => statement.Dispose());
                }
            };
        }

        public RowStatement Insert { get; }

        public RowStatement[] Updates { get; }

        public RowStatement Purge { get; }

        public RowStatement Live { get; }

        public RowStatement Audit { get; }

        public RowStatement Event { get; }

        public RowStatement Delivery { get; }

        public RowStatement Usage { get; }

        public IReadOnlyDictionary<string, RowStatement> Companions { get; }

        public void Join(DbTransaction transaction) => Array.ForEach(_all, statement => statement.Join(transaction));
    }
}
