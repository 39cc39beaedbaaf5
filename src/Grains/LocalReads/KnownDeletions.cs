using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// Deleted tokens and resources below which something may still be left. Not safe for several threads: the authority's
/// lock is held around every call.
/// </summary>
internal sealed class KnownDeletions(TimeProvider time)
{
    /// <summary>Longer than a reader of rows holds one before it asks (decision 54).</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4);

    private readonly HashSet<Guid> _deleting = [];

    /// <summary>From its start on: it does not know what an authority before it has cleared.</summary>
    private long _clearedAt = time.GetTimestamp();

    /// <summary>Nothing was cleared for a while.</summary>
    public bool IsSettled => time.GetElapsedTime(_clearedAt) >= Settling;

    public void Mark(Guid id) => _deleting.Add(id);

    public void Clear(Guid id)
    {
        _deleting.Remove(id);
        _clearedAt = time.GetTimestamp();
    }

    /// <summary>Whether a token hangs on one of them.</summary>
    public bool Cover(OwnerStatusQuery query) => _deleting.Count > 0
        && (query.Ancestors.Any(token => _deleting.Contains(token.Value)) || query.Within.Any(_deleting.Contains));
}
