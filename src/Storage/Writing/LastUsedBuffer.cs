using System.Collections.Concurrent;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>Buffers times of last use, the newest of each row, and writes them once a minute.</summary>
internal sealed class LastUsedBuffer : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RecordKey, UsageUpdate> _updates = [];
    private readonly GroupCommit _writer;
    private readonly ITimer _timer;

    public LastUsedBuffer(GroupCommit writer, TimeProvider time)
    {
        _writer = writer;
        _timer = time.CreateTimer(_ => Flush(), null, Period, Period);
    }

    public void Note(UsageUpdate usage) => _updates.AddOrUpdate(
        usage.Key, static (_, added) => added, static (_, earlier, added) => earlier.MergedWith(added), usage);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var key in _updates.Keys)
        {
            if (_updates.TryRemove(key, out var usage))
            {
                await _writer.NoteUsage(usage);
            }
        }
    }

    private void Flush()
    {
        foreach (var key in _updates.Keys)
        {
            if (_updates.TryRemove(key, out var usage) && !_writer.TryNoteUsage(usage))
            {
                // The queue is full: kept for the next period, with what was noted meanwhile.
                Note(usage);
                return;
            }
        }
    }
}
