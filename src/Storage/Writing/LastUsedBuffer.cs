using System.Collections.Concurrent;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>Collects times of last use and writes them at most once a minute, all together.</summary>
internal sealed class LastUsedBuffer : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RecordKey, UsageUpdate> _book = [];
    private readonly GroupCommit _writer;
    private readonly ITimer _timer;

    public LastUsedBuffer(GroupCommit writer, TimeProvider time)
    {
        _writer = writer;
        _timer = time.CreateTimer(_ => Flush(), null, Period, Period);
    }

    public void Note(UsageUpdate usage) => _book[usage.Key] = usage;

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var key in _book.Keys)
        {
            if (_book.TryRemove(key, out var usage))
            {
                await _writer.NoteUsage(usage);
            }
        }
    }

    private void Flush()
    {
        foreach (var key in _book.Keys)
        {
            if (_book.TryRemove(key, out var usage) && !_writer.TryNoteUsage(usage))
            {
                _book.TryAdd(key, usage);
                return;
            }
        }
    }
}
