using System.Collections.Concurrent;

namespace TokenActors.Domain.Limits;

/// <summary>
/// One bucket of permits a key, which holds a burst and fills steadily: over any while as many are given as the burst
/// and the rate allow. The limiters of System.Threading.RateLimiting give a key that was idle its burst twice
/// (measured: 131 in 3 s in place of 95), and take their time from the system.
/// </summary>
/// <param name="time">the clock</param>
/// <param name="rate">permits a period; 0: no limit</param>
/// <param name="burst">permits in a full bucket</param>
/// <param name="period">of the rate</param>
public sealed class TokenBuckets<TKey>(TimeProvider time, int rate, int burst, TimeSpan period)
    where TKey : notnull
{
    private const int FewestToSweep = 1_000;

    private readonly long _interval = IntervalOf(time, rate, period);

    /// <summary>Buckets that are not known to be full.</summary>
    public int Count => _fullAt.Count;

    /// <summary>When each bucket will be full again. A bucket that is full is as good as none.</summary>
    private readonly ConcurrentDictionary<TKey, long> _fullAt = [];

    private long _sweptAt = time.GetTimestamp();

    /// <summary>Takes a permit. Null where there was one, else how long until there is.</summary>
    public TimeSpan? Take(TKey key) => rate > 0 ? Take(key, _interval, burst) : null;

    /// <summary>The same from a bucket that has a rate and a burst of its own.</summary>
    /// <param name="key">of the bucket</param>
    /// <param name="ownRate">permits a period</param>
    /// <param name="ownBurst">permits in the bucket when it is full</param>
    public TimeSpan? Take(TKey key, int ownRate, int ownBurst) =>
        Take(key, IntervalOf(time, ownRate, period), ownBurst);

    /// <summary>
    /// Whether there is a permit, without taking it. Null where there is, else how long until there is.
    /// </summary>
    public TimeSpan? Ask(TKey key) => rate > 0 && _fullAt.TryGetValue(key, out var fullAt)
        ? WaitOf(time.GetTimestamp(), fullAt, _interval, burst)
        : null;

    /// <summary>
    /// How many permits there are now, and how long until the bucket is full; null where there is no limit.
    /// </summary>
    public (int Left, TimeSpan UntilFull)? Left(TKey key)
    {
        if (rate == 0)
        {
            return null;
        }

        var missing = _fullAt.TryGetValue(key, out var fullAt) ? Math.Max(0, fullAt - time.GetTimestamp()) : 0;
        var left = Math.Max(0, ((_interval * burst) - missing) / _interval);
        return ((int)left, TimeSpan.FromSeconds((double)missing / time.TimestampFrequency));
    }

    private TimeSpan? Take(TKey key, long interval, int full)
    {
        while (true)
        {
            var now = time.GetTimestamp();
            Sweep(now);
            var known = _fullAt.TryGetValue(key, out var fullAt);
            if (known && fullAt > now + (interval * full))
            {
                // It was emptied under a slower rate or a larger burst, and is no emptier than empty.
                _fullAt.TryUpdate(key, now + (interval * full), fullAt);
                continue;
            }

            if (WaitOf(now, known ? fullAt : now, interval, full) is { } wait)
            {
                return wait;
            }

            var next = Math.Max(known ? fullAt : now, now) + interval;
            if (known ? _fullAt.TryUpdate(key, next, fullAt) : _fullAt.TryAdd(key, next))
            {
                return null;
            }
        }
    }

    private static long IntervalOf(TimeProvider time, int rate, TimeSpan period) =>
        rate == 0 ? 0 : Math.Max(1, (long)(period.TotalSeconds * time.TimestampFrequency / rate));

    private TimeSpan? WaitOf(long now, long fullAt, long interval, int full)
    {
        var early = Math.Max(fullAt, now) + interval - now - (interval * full);
        return early > 0 ? TimeSpan.FromSeconds((double)early / time.TimestampFrequency) : null;
    }

    /// <summary>
    /// Forgets full buckets, at most once a second: whoever sends many keys fills no memory for longer than a bucket
    /// takes to fill.
    /// </summary>
    private void Sweep(long now)
    {
        var since = Volatile.Read(ref _sweptAt);
        if (_fullAt.Count < FewestToSweep || now - since < time.TimestampFrequency
            || Interlocked.CompareExchange(ref _sweptAt, now, since) != since)
        {
            return;
        }

        foreach (var full in _fullAt.Where(bucket => bucket.Value <= now))
        {
            _fullAt.TryRemove(full);
        }
    }
}
