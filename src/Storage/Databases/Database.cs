using System.Data.Common;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// What differs between database products: connections, SQL text, how a batch is written, and what errors mean.
/// </summary>
internal abstract class Database(string name, DbDataSource source) : IAsyncDisposable
{
    public string Name => name;

    public SqlText Sql { get; } = new(name);

    public DbDataSource Source => source;

    /// <summary>How many connections write groups at the same time.</summary>
    public virtual int Writers => 1;

    /// <summary>
    /// Writes a batch, in which each row is once and in the order of keys; returns the keys of the rows that were
    /// written.
    /// </summary>
    public abstract Task<HashSet<RecordKey>> WriteBatch(
        DbConnection connection, string serviceId, IReadOnlyList<Commit> batch);

    /// <summary>Writes rows in the given order as one transaction, all of them or none.</summary>
    /// <returns>the first that could not be written; null where all were</returns>
    public async Task<Commit?> WriteTogether(DbConnection connection, string serviceId, IReadOnlyList<Commit> commits)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var commit in commits)
        {
            try
            {
                if (!await IsWritten(connection, transaction, serviceId, commit))
                {
                    return commit;
                }
            }
            catch (DbException e) when (IsUniqueViolation(e))
            {
                return commit;
            }
        }

        await transaction.CommitAsync();
        return null;
    }

    /// <summary>Writes an audit row that belongs to no commit, and its event where it has one.</summary>
    /// <returns>1, the number of rows</returns>
    public async Task<int> Append(DbConnection connection, string serviceId, AuditEntry entry)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await WriteAudit(connection, transaction, serviceId, entry);
        await transaction.CommitAsync();
        return 1;
    }

    public abstract Task WriteUsage(DbConnection connection, string serviceId, IReadOnlyList<UsageUpdate> updates);

    /// <summary>Reads rows by their keys, which must be distinct; missing rows are left out.</summary>
    public abstract Task<List<StoredRecord>> ReadMany(
        DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys);

    /// <summary>Whether it is a deadlock or a serialization failure, after which the same work may succeed.</summary>
    public abstract bool IsTransient(DbException exception);

    /// <summary>
    /// Whether the data of a row is the reason, so that the other rows of a batch may be written without it.
    /// </summary>
    public abstract bool IsAboutData(DbException exception);

    /// <summary>
    /// Whether the database or the session is the reason, and not the statement: it is away, read-only, full or locked.
    /// </summary>
    public bool IsOutage(Exception exception) => exception is not DbException error || IsOutage(error);

    protected abstract bool IsOutage(DbException error);

    /// <summary>Closes the pooled sessions: those in use when they are given back.</summary>
    public virtual void DiscardSessions()
    {
    }

    /// <summary>The database's own code of an error, for the log.</summary>
    public virtual string CodeOf(DbException error) => error.SqlState ?? "";

    public abstract bool IsUniqueViolation(DbException exception);

    public abstract bool IsMissingTable(DbException exception);

    /// <summary>Begins a transaction that excludes other migrators until it ends.</summary>
    public abstract Task LockForMigration(DbConnection connection);

    /// <summary>Why the service cannot use this server, and what to do; null where it can. Asked at every
    /// start.</summary>
    public virtual Task<string?> Refusal(DbConnection connection) => Task.FromResult<string?>(null);

    /// <summary>What is not as it should be, and does not stop a start. Asked at every start.</summary>
    public virtual Task<IReadOnlyList<ServerFact>> Warnings(DbConnection connection) =>
        Task.FromResult<IReadOnlyList<ServerFact>>([]);

    /// <summary>Facts about version, isolation, collation and rights.</summary>
    public abstract Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection);

    /// <summary>The statements that nearly every request needs.</summary>
    public abstract IReadOnlyList<string> HotStatements { get; }

    /// <summary>Whether a line of a plan says that the whole table is read.</summary>
    public abstract bool IsScan(string line);

    /// <summary>The plan of a statement, which is not executed.</summary>
    public abstract Task<List<string>> Explain(DbConnection connection, string statement, string serviceId);

    public virtual async Task<DbConnection> Open() => await source.OpenConnectionAsync();

    /// <summary>Opens a connection for statements that look up rows by their keys only.</summary>
    public virtual Task<DbConnection> OpenKeyed() => Open();

    public virtual async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private async Task<bool> IsWritten(
        DbConnection connection, DbTransaction transaction, string serviceId, Commit commit)
    {
        async Task<bool> Does(string statement, (string Name, object? Value)[] parameters)
        {
            await using var command = connection.Command(Sql[statement], parameters);
            command.Transaction = transaction;
            return await command.ExecuteNonQueryAsync() > 0;
        }

        foreach (var parent in commit.LiveParents)
        {
            await using var live = connection.Command(
                Sql["live_locked"], ("service", serviceId), ("kind", parent.Kind), ("id", parent.Id));
            live.Transaction = transaction;
            if (await live.ExecuteScalarAsync() is null)
            {
                return false;
            }
        }

        if (!await Does(commit.ExpectedVersion == 0 ? "insert" : "update", Parameters.Of(serviceId, commit)))
        {
            return false;
        }

        await WriteCompanions(connection, transaction, serviceId, commit);
        await WriteImportedKeys(connection, transaction, serviceId, commit);
        foreach (var entry in commit.Audit)
        {
            await WriteAudit(connection, transaction, serviceId, entry);
        }

        return true;
    }

    /// <summary>Makes the index of imported keys say what a commit says of its token.</summary>
    /// <exception cref="DbException">a unique violation: another token has the key</exception>
    protected async Task WriteImportedKeys(
        DbConnection connection, DbTransaction transaction, string serviceId, Commit commit)
    {
        if (commit.ImportedKeys is not { } keys)
        {
            return;
        }

        async Task Run(string statement, params (string Name, object? Value)[] parameters)
        {
            await using var command = connection.Command(
                Sql[statement], [("service", serviceId), ("id", commit.Record.Key.Id), .. parameters]);
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync();
        }

        if (commit.ExpectedVersion > 0)
        {
            await Run("forget_imported_keys");
        }

        foreach (var key in keys)
        {
            await Run(
                "add_imported_key",
                ("organization_id", commit.Record.OrganizationId), ("scheme", key.Scheme), ("pepper", key.PepperId), ("digest", key.Digest));
        }
    }

    /// <summary>Whether another token has one of the imported keys that a commit writes.</summary>
    public async Task<bool> IsKeyTaken(
        DbConnection connection, DbTransaction? transaction, string serviceId, Commit commit)
    {
        foreach (var key in commit.ImportedKeys ?? [])
        {
            await using var find = connection.Command(
                Sql["imported_key"], ("service", serviceId), ("organization_id", commit.Record.OrganizationId),
                ("scheme", key.Scheme), ("pepper", key.PepperId), ("digest", key.Digest));
            find.Transaction = transaction;
            if (await find.ExecuteScalarAsync() is string id && id != commit.Record.Key.Id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes what other tables hold of a row that was just written.</summary>
    protected async Task WriteCompanions(
        DbConnection connection, DbTransaction transaction, string serviceId, Commit commit)
    {
        foreach (var statement in Companions.Of(commit))
        {
            await using var command = connection.Command(
                Sql[statement], ("service", serviceId), ("id", commit.Record.Key.Id),
                ("organization_id", commit.Record.OrganizationId));
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Writes an audit row, and its event where it has one.</summary>
    protected async Task WriteAudit(
        DbConnection connection, DbTransaction transaction, string serviceId, AuditEntry entry)
    {
        async Task Run(string statement, (string Name, object? Value)[] parameters)
        {
            await using var command = connection.Command(Sql[statement], parameters);
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync();
        }

        await Run("audit", Parameters.Of(serviceId, entry));
        if (entry.Payload is not { } payload)
        {
            return;
        }

        await Run("event", Parameters.OfEvent(serviceId, entry));
        foreach (var endpoint in payload.Endpoints)
        {
            await Run("delivery", Parameters.OfDelivery(serviceId, payload, endpoint));
        }
    }
}
