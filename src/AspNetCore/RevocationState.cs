namespace TokenActors.AspNetCore;

/// <summary>
/// What the stream of revocations has said. An answer of the service holds while nothing came for its token since the
/// request for it began, and only while the stream is known to be complete up to shortly before.
/// </summary>
/// <param name="bound">how old the last heartbeat may be</param>
/// <param name="time">the clock</param>
internal sealed class RevocationState(TimeSpan bound, TimeProvider time)
{
    /// <summary>Longer than any answer is asked for or kept after a revocation that it does not know.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long Number, long At)> _revoked = new(StringComparer.Ordinal);
    private long _last;
    private long _all;
    private long? _heartbeatAt;
    private TimeSpan _lag;
    private TimeSpan _leastOffset = TimeSpan.MaxValue;

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
        return IsFresh && _all <= since && !(_revoked.TryGetValue(token, out var revoked) && revoked.Number > since);
    }

    public void Revoke(string token)
    {
        using var scope = _lock.EnterScope();
        _revoked[token] = (++_last, time.GetTimestamp());
    }

    public void RevokeAll()
    {
        using var scope = _lock.EnterScope();
        _all = ++_last;
        _revoked.Clear();
    }

    /// <summary>
    /// Everything that was committed before a time of the service's clock was read. How late the heartbeat is, is known
    /// beside the one that took least of its connection: the clocks may differ.
    /// </summary>
    public void Heartbeat(DateTimeOffset upTo)
    {
        using var scope = _lock.EnterScope();
        var offset = time.GetUtcNow() - upTo;
        _leastOffset = offset < _leastOffset ? offset : _leastOffset;
        _lag = offset - _leastOffset;
        _heartbeatAt = time.GetTimestamp();
        foreach (var (token, _) in _revoked.Where(entry => time.GetElapsedTime(entry.Value.At) > RememberedFor).ToList())
        {
            _revoked.Remove(token);
        }
    }

    /// <summary>A connection begins: how far the clocks differ is found out anew.</summary>
    public void Connected()
    {
        using var scope = _lock.EnterScope();
        _leastOffset = TimeSpan.MaxValue;
    }

    private bool IsFresh => _heartbeatAt is { } at && time.GetElapsedTime(at) + _lag < bound;
}
