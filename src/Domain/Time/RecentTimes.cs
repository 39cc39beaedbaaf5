namespace TokenActors.Domain.Time;

/// <summary>The last durations of something that happens often, for whoever asks how it goes right now.</summary>
public sealed class RecentTimes
{
    private const int MostKept = 512;

    private readonly Lock _lock = new();
    private readonly (DateTimeOffset At, TimeSpan Took)[] _kept = new (DateTimeOffset, TimeSpan)[MostKept];
    private long _noted;

    public void Note(TimeSpan took, DateTimeOffset at)
    {
        lock (_lock)
        {
            _kept[_noted++ % MostKept] = (at, took);
        }
    }

    /// <summary>What was noted from a time on, as far as it is kept.</summary>
    public TimesSummary Since(DateTimeOffset from)
    {
        TimeSpan[] took;
        lock (_lock)
        {
            took =
            [
                .. _kept.AsSpan(0, (int)Math.Min(_noted, MostKept)).ToArray()
                    .Where(noted => noted.At >= from).Select(noted => noted.Took).Order(),
            ];
        }

        return took.Length == 0 ? default : new(took.Length, took[took.Length / 2], took[^1]);
    }
}

/// <summary>Several durations at a glance.</summary>
/// <param name="Count">how many; at most as many as are kept</param>
/// <param name="Median">the one in the middle</param>
/// <param name="Longest">the longest</param>
public readonly record struct TimesSummary(int Count, TimeSpan Median, TimeSpan Longest);
