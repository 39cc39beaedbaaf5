using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>
/// Batches reads of single rows: after a restart, or when a silo takes over another's grains, thousands of activations
/// read their rows at the same time. Without load a read is sent at once. The second reader is woken only when many
/// reads wait for the first: a few cost less in one larger batch.
/// </summary>
internal sealed class GroupRead : IAsyncDisposable
{
    private const int LargestBatch = 128;
    private const int SecondReaderThreshold = 16;
    private const int MostAttempts = 3;

    private readonly Database _database;
    private readonly string _serviceId;
    private readonly StoreHealth _health;
    private readonly ILogger _logger;
    private readonly Channel<Reading> _queue = Channel.CreateUnbounded<Reading>();
    private readonly Channel<bool> _calls =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _readers;

    public GroupRead(Database database, string serviceId, StoreHealth health, ILogger logger)
    {
        (_health, _logger) = (health, logger);
        _database = database;
        _serviceId = serviceId;
        _readers = Task.WhenAll(Task.Run(Run), Task.Run(RunWhenCalled));
    }

    public Task<StoredRecord?> Read(RecordKey key)
    {
        var reading = new Reading(key);
        if (!_queue.Writer.TryWrite(reading))
        {
            throw new StorageUnavailableException("the store is closed", new ChannelClosedException());
        }

        if (ManyWait)
        {
            _calls.Writer.TryWrite(true);
        }

        return reading.Task;
    }

    /// <summary>Reads what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        _calls.Writer.TryComplete();
        await _readers;
    }

    private bool ManyWait => _queue.Reader.Count >= SecondReaderThreshold;

    private async Task Run()
    {
        await using var connection = new HeldConnection(_database, _health, _logger);
        while (await _queue.Reader.WaitToReadAsync())
        {
            // Whoever is about to ask does so first.
            await Task.Yield();
            await ReadNext(connection);
        }
    }

    private async Task RunWhenCalled()
    {
        await using var connection = new HeldConnection(_database, _health, _logger);
        await foreach (var _ in _calls.Reader.ReadAllAsync())
        {
            do
            {
                await ReadNext(connection);
            }
            while (ManyWait);
        }
    }

    private async Task ReadNext(HeldConnection connection)
    {
        List<Reading> batch = [];
        while (batch.Count < LargestBatch && _queue.Reader.TryRead(out var reading))
        {
            batch.Add(reading);
        }

        if (batch.Count == 0)
        {
            // The other reader has them.
            return;
        }

        try
        {
            await Read(await connection.Open(), batch);
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
        {
            await connection.Drop();
            var fault = _health.Fault(e, connection.Generation);
            batch.ForEach(reading => reading.TrySetException(fault));
        }
        catch (Exception e)
        {
            // A row that cannot be read ends no reader.
            await connection.Drop();
            batch.ForEach(reading => reading.TrySetException(e));
        }
    }

    private async Task Read(DbConnection connection, List<Reading> batch)
    {
        IReadOnlyList<RecordKey> keys = batch.Count == 1
            ? [batch[0].Key]
            : [.. batch.Select(reading => reading.Key).Distinct()];
        var found = await ReadMany(connection, keys);
        if (batch.Count == 1)
        {
            batch[0].TrySetResult(found.Count == 1 ? found[0] : null);
            return;
        }

        var rows = found.ToDictionary(row => row.Key);
        batch.ForEach(reading => reading.TrySetResult(rows.GetValueOrDefault(reading.Key)));
    }

    private async Task<List<StoredRecord>> ReadMany(DbConnection connection, IReadOnlyList<RecordKey> keys)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _database.ReadMany(connection, _serviceId, keys);
            }
            catch (DbException e) when (_database.IsTransient(e) && attempt < MostAttempts)
            {
                await RetryPause.Before(attempt);
            }
        }
    }

    private sealed class Reading(RecordKey key) : TaskCompletionSource<StoredRecord?>(
        TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RecordKey Key => key;
    }
}
