namespace TokenActors.AspNetCore;

/// <summary>
/// What the stream of revocations has said. An answer of the service holds while nothing came for its token since the
/// request for it began, and only while the stream is known to be complete up to shortly before.
/// </summary>
/// <param name="bound">how old the last heartbeat may be</param>
/// <param name="time">the clock</param>
internal sealed class RevocationState(TimeSpan bound, TimeProvider time)
{
    /// <summary>How long a revocation is known by its token; after that it speaks against every answer of before
    /// it.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    /// <summary>Clocks run apart by less. One that was set back is believed again after a minute for each
    /// second.</summary>
    private const double DriftPerSecond = 1.0 / 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Number, long At)> _revoked = new(StringComparer.Ordinal);
    private readonly long _start = time.GetTimestamp();
    private long _last;
    private long _oldest;
    private long? _heartbeatAt;
    private TimeSpan _lag;
    private TimeSpan? _leastOffset;

    /// <summary>
    /// A number to be taken before the service is asked; null where the stream is not known to be complete, so that
    /// nothing may be kept.
    /// </summary>
    public long? Begin()
    {
        using var scope = _lock.EnterScope();
        return IsFresh ? _last : null;
    }

    /// <summary>Whether what was asked for at a number may be used now.</summary>
    public bool Holds(string token, long since)
    {
        using var scope = _lock.EnterScope();
        return IsFresh && _oldest <= since && !(_revoked.TryGetValue(token, out var revoked) && revoked.Number > since);
    }

    public void Revoke(string token)
    {
        using var scope = _lock.EnterScope();
        _revoked[token] = (++_last, time.GetTimestamp());
    }

    public void RevokeAll()
    {
        using var scope = _lock.EnterScope();
        _oldest = ++_last;
        _revoked.Clear();
    }

    /// <summary>
    /// Everything that was committed before a time of the service's clock was read. How late the heartbeat is, is known
    /// beside the one that took least of all connections: the clocks may differ.
    /// </summary>
    public void Heartbeat(DateTimeOffset upTo)
    {
        using var scope = _lock.EnterScope();

        // By the clock that nobody sets. A machine that slept gets a lesser offset, which is taken.
        var offset = time.GetElapsedTime(_start) - (upTo - DateTimeOffset.UnixEpoch);
        var sinceLast = _heartbeatAt is { } last ? time.GetElapsedTime(last) : TimeSpan.Zero;
        var least = _leastOffset + (sinceLast * DriftPerSecond) is { } risen && risen < offset ? risen : offset;
        (_leastOffset, _lag, _heartbeatAt) = (least, offset - least, time.GetTimestamp());
        foreach (var (token, (number, _)) in _revoked.Where(entry => time.GetElapsedTime(entry.Value.At) > RememberedFor).ToList())
        {
            _revoked.Remove(token);
            _oldest = Math.Max(_oldest, number);
        }
    }

    private bool IsFresh => _heartbeatAt is { } at && time.GetElapsedTime(at) + _lag < bound;
}
