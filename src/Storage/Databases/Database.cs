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

    public abstract bool IsUniqueViolation(DbException exception);

    public abstract bool IsMissingTable(DbException exception);

    /// <summary>Begins a transaction that excludes other migrators until it ends.</summary>
    public abstract Task LockForMigration(DbConnection connection);

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

        foreach (var entry in commit.Audit)
        {
            await Does("audit", Parameters.Of(serviceId, entry));
        }

        return true;
    }
}
