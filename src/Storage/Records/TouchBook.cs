using System.Collections.Concurrent;

namespace TokenActors.Storage.Records;

/// <summary>Collects times of last use and writes them at most once a minute, all together.</summary>
internal sealed class TouchBook : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<RecordKey, Touch> _book = [];
    private readonly GroupCommit _writer;
    private readonly ITimer _timer;

    public TouchBook(GroupCommit writer, TimeProvider time)
    {
        _writer = writer;
        _timer = time.CreateTimer(_ => Flush(), null, Period, Period);
    }

    public void Note(Touch touch) => _book[touch.Key] = touch;

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var key in _book.Keys)
        {
            if (_book.TryRemove(key, out var touch))
            {
                await _writer.Touch(touch);
            }
        }
    }

    private void Flush()
    {
        foreach (var key in _book.Keys)
        {
            if (_book.TryRemove(key, out var touch) && !_writer.TryTouch(touch))
            {
                _book.TryAdd(key, touch);
                return;
            }
        }
    }
}
