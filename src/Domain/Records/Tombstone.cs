namespace TokenActors.Domain.Records;

/// <summary>
/// A record that outlives its deletion for a while: for the audit trail, and until what hangs on it is deleted too.
/// </summary>
public interface ITombstone
{
    /// <summary>When it was deleted; null while it is live.</summary>
    DateTimeOffset? DeletedAt { get; }

    /// <summary>It is deleted, and what hangs on it may not be yet.</summary>
    bool CascadePending { get; }
}

/// <summary>What follows from a deletion, whatever was deleted.</summary>
public static class Tombstone
{
    /// <summary>How long a deleted record is kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>
    /// When its reminder has to tick: at once while the cascade is not finished, then at the purge. A live record has
    /// nothing to wait for.
    /// </summary>
    public static DateTimeOffset? DueAt(ITombstone record) => record switch
    {
        { DeletedAt: null } => null,
        { DeletedAt: var deletedAt, CascadePending: true } => deletedAt,
        _ => record.DeletedAt + KeptFor,
    };

    /// <summary>
    /// When a record was last changed, after a transition. A deletion leaves it, so that a list by that time goes on
    /// after what was deleted.
    /// </summary>
    /// <param name="next">the record after the transition</param>
    /// <param name="before">when it was changed before</param>
    /// <param name="now">of the transition</param>
    public static DateTimeOffset UpdatedAt(ITombstone next, DateTimeOffset before, DateTimeOffset now) =>
        next.DeletedAt is null ? now : before;

    /// <summary>The record may be purged: its cascade is finished and its time is over.</summary>
    public static bool IsOver(ITombstone record, DateTimeOffset now) =>
        record is { DeletedAt: { } deletedAt, CascadePending: false } && now - deletedAt >= KeptFor;
}
