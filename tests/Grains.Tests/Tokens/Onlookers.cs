using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>
/// Look at a token again and again while a test disables and enables it, and count the looks that were behind an
/// acknowledged command. They end with the test, also where it fails, and let others have the pool's threads between
/// two looks.
/// </summary>
internal sealed class Onlookers : IAsyncDisposable
{
    /// <summary>A command is under way: whatever is seen may be right.</summary>
    private const int Underway = -1;

    private readonly Func<Task<Verification?>> _look;
    private readonly Task[] _looking;
    private volatile bool _isOver;

    // The number of the last acknowledged command: even where the token is enabled, odd where it is disabled.
    private volatile int _phase;
    private long _seen;
    private long _wrong;

    /// <param name="count">how many look at the same time</param>
    /// <param name="look">null where nothing is to be seen</param>
    public Onlookers(int count, Func<Task<Verification?>> look)
    {
        _look = look;
        _looking = [.. Enumerable.Range(0, count).Select(_ => Task.Run(Look))];
    }

    /// <summary>How many looks saw something while no command was under way.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    /// <summary>How many of them were behind the last acknowledged command.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>Carries out the command of a number while the onlookers look.</summary>
    public async Task<T> During<T>(int number, Func<Task<T>> command)
    {
        _phase = Underway;
        var answer = await command();
        _phase = number;
        return answer;
    }

    /// <summary>Ends them; what went wrong in one is thrown.</summary>
    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await Task.WhenAll(_looking);
    }

    private async Task Look()
    {
        while (!_isOver)
        {
            var before = _phase;
            if (await _look() is { } verification && before != Underway && _phase == before)
            {
                Interlocked.Increment(ref _seen);
                if (verification.Refusal is null != (before % 2 == 0))
                {
                    Interlocked.Increment(ref _wrong);
                }
            }

            await Task.Yield();
        }
    }
}
