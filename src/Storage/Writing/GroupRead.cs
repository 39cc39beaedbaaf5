using System.Data.Common;
using System.Threading.Channels;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Reads of single rows queue here and are asked for together, as writes are: after a restart, or when a silo takes over another's grains,
/// thousands of them come at once. Without load a read goes at once.
/// </summary>
internal sealed class GroupRead : IAsyncDisposable
{
    private const int LargestBatch = 128;
    private const int Readers = 2;

    private readonly Database _database;
    private readonly string _serviceId;
    private readonly Channel<Reading> _queue = Channel.CreateUnbounded<Reading>();
    private readonly Task _readers;

    public GroupRead(Database database, string serviceId)
    {
        _database = database;
        _serviceId = serviceId;
        _readers = Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => Task.Run(Run)));
    }

    public Task<StoredRecord?> Read(RecordKey key)
    {
        var reading = new Reading(key);
        return _queue.Writer.TryWrite(reading)
            ? reading.Task
            : throw new StorageUnavailableException("the store is closed", new ChannelClosedException());
    }

    /// <summary>Reads what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _readers;
    }

    private async Task Run()
    {
        DbConnection? connection = null;
        List<Reading> batch = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var reading))
            {
                batch.Add(reading);
            }

            try
            {
                connection ??= await _database.OpenKeyed();
                await Read(connection, batch);
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
            {
                connection = await Drop(connection);
                var fault = new StorageUnavailableException("the database did not answer", e);
                batch.ForEach(reading => reading.TrySetException(fault));
            }

            batch.Clear();
        }

        await Drop(connection);
    }

    private async Task Read(DbConnection connection, List<Reading> batch)
    {
        var found = await _database.ReadMany(connection, _serviceId, batch.Count == 1 ? [batch[0].Key] : [.. batch.Select(reading => reading.Key).Distinct()]);
        if (batch.Count == 1)
        {
            batch[0].TrySetResult(found.Count == 1 ? found[0] : null);
            return;
        }

        var rows = found.ToDictionary(row => row.Key);
        batch.ForEach(reading => reading.TrySetResult(rows.GetValueOrDefault(reading.Key)));
    }

    private static async Task<DbConnection?> Drop(DbConnection? connection)
    {
        try
        {
            await (connection?.DisposeAsync() ?? default);
        }
        catch (DbException)
        {
            // It is broken already, and another is opened for the next batch.
        }

        return null;
    }

    private sealed class Reading(RecordKey key) : TaskCompletionSource<StoredRecord?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RecordKey Key => key;
    }
}
