using System.Data.Common;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Databases;

/// <summary>
/// One database product: how to connect, its SQL text, how it writes a batch, and what its errors mean. All else is shared.
/// </summary>
internal abstract class Database(string name, DbDataSource source) : IAsyncDisposable
{
    public string Name => name;

    public SqlText Sql { get; } = new(name);

    public DbDataSource Source => source;

    /// <summary>How many connections write groups side by side.</summary>
    public virtual int Writers => 1;

    /// <summary>Writes a batch that holds each row once, in key order; returns the keys that were written.</summary>
    public abstract Task<HashSet<RecordKey>> WriteBatch(DbConnection connection, string serviceId, IReadOnlyList<Commit> batch);

    public abstract Task WriteTouches(DbConnection connection, string serviceId, IReadOnlyList<Touch> touches);

    /// <summary>Reads rows by their keys, each key once; those that are not there are left out.</summary>
    public abstract Task<List<StoredRecord>> ReadMany(DbConnection connection, string serviceId, IReadOnlyList<RecordKey> keys);

    /// <summary>A deadlock or serialization failure: the same batch may succeed when tried again.</summary>
    public abstract bool IsTransient(DbException exception);

    /// <summary>The data of some row is the reason, so that other rows of the batch may succeed without it.</summary>
    public abstract bool IsAboutData(DbException exception);

    public abstract bool IsUniqueViolation(DbException exception);

    public abstract bool IsMissingTable(DbException exception);

    /// <summary>Holds off other migrators until the connection closes or commits.</summary>
    public abstract Task LockForMigration(DbConnection connection);

    public virtual async Task<DbConnection> Open() => await source.OpenConnectionAsync();

    /// <summary>A connection for statements that find every row by its key.</summary>
    public virtual Task<DbConnection> OpenKeyed() => Open();

    public virtual async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
