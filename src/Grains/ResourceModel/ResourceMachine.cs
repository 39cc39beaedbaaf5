using TokenActors.Domain.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// The transitions of a resource, whatever its kind. Each takes the state as it is, null where there is none. A
/// deleted resource makes no transition but the end of its cascade. Rights, references and owners are asked before,
/// by the grain.
/// </summary>
internal static class ResourceMachine
{
    /// <summary>
    /// A new resource. An id that is taken is refused: ids are not used again, not even those of deleted resources.
    /// </summary>
    public static Transition<ResourceState> Create(
        ResourceState? current, ResourceState wanted, DateTimeOffset now, bool isNoted = false) =>
        current is null
        ? Transition<ResourceState>.To(
            Noted(wanted with { CreatedAt = now, UpdatedAt = now, Version = 1 },
                isNoted ? wanted.CreatedBy : null, now),
            "created")
        : Transition<ResourceState>.Refuse(
            current.DeletedAt is null ? TransitionRefusal.IdTaken : TransitionRefusal.NotFound);

    /// <summary>
    /// Another name or content. Refused at another version than <paramref name="decided"/>, whose rights were asked.
    /// </summary>
    public static Transition<ResourceState> Update(
        ResourceState? current, ResourceState wanted, ResourceState decided, CreatingCall? by, DateTimeOffset now) =>
        Change(current, decided, _ => wanted, "updated", by, now);

    /// <summary>
    /// Deleted; <paramref name="cascades"/> says whether something may hang on it. It is not answered again under the
    /// key that made it, and under the key that deleted it. Refused at another version than <paramref name="decided"/>,
    /// whose rights were asked.
    /// </summary>
    public static Transition<ResourceState> Delete(
        ResourceState? current, ResourceState decided, bool cascades, CreatingCall? by, DateTimeOffset now) =>
        Change(
            current,
            decided,
            s => s with
            {
                DeletedAt = now,
                CascadePending = cascades,
                CreatedBy = null,
                DeletedBy = by,
                Answered = null,
            },
            "deleted",
            by: null,
            now);

    /// <summary>The secret of a credential is encrypted under another key; nothing else changes.</summary>
    public static Transition<ResourceState> Rewrap(
        ResourceState? current, Func<ResourceState, ResourceState> rewrap, DateTimeOffset now) =>
        current is { DeletedAt: null }
            ? Next(current, rewrap(current), "rewrapped", now)
            : Transition<ResourceState>.Refuse(TransitionRefusal.NotFound);

    /// <summary>Nothing hangs on it any more. A second finish changes nothing.</summary>
    public static Transition<ResourceState> FinishCascade(ResourceState? current, DateTimeOffset now) => current switch
    {
        null => Transition<ResourceState>.Refuse(TransitionRefusal.NotFound),
        { CascadePending: false } => Transition<ResourceState>.Stay(current),
        _ => Next(current, current with { CascadePending = false }, "cascade_finished", now),
    };

    /// <summary>
    /// Another state of what was <paramref name="decided"/> about; refused at another version. It is answered again
    /// under the key of <paramref name="by"/>.
    /// </summary>
    public static Transition<ResourceState> Change(
        ResourceState? current,
        ResourceState decided,
        Func<ResourceState, ResourceState> change,
        string happened,
        CreatingCall? by,
        DateTimeOffset now) => current switch
        {
            null or { DeletedAt: not null } => Transition<ResourceState>.Refuse(TransitionRefusal.NotFound),
            _ when current.Version != decided.Version =>
                Transition<ResourceState>.Refuse(TransitionRefusal.ChangedMeanwhile),
            _ => Next(current, change(current), happened, now, by),
        };

    /// <summary>Contents hold lists, so states are compared as they are stored.</summary>
    private static Transition<ResourceState> Next(
        ResourceState current, ResourceState next, string happened, DateTimeOffset now, CreatingCall? by = null)
    {
        if (next.ToJson() == current.ToJson())
        {
            return Transition<ResourceState>.Stay(current);
        }

        var changed = next with
        {
            UpdatedAt = Tombstone.UpdatedAt(next, current.UpdatedAt, now),
            Version = current.Version + 1,
        };
        return Transition<ResourceState>.To(Noted(changed, by, now), happened);
    }

    private static ResourceState Noted(ResourceState state, CreatingCall? by, DateTimeOffset now) =>
        by is null ? state : state.AnsweredTo(by, now);
}
