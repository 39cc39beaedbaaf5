using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;

namespace TokenActors.Domain.Organizations;

/// <summary>What a new organization is to be.</summary>
public sealed record OrganizationSpec
{
    public required OrganizationId Id { get; init; }

    public required OrganizationType Type { get; init; }

    public required string Name { get; init; }

    public required string FullName { get; init; }

    public required TokenId RefreshTokenId { get; init; }

    public OrganizationId? ParentId { get; init; }

    public string? Contact { get; init; }

    public string? ReplyTo { get; init; }

    public string? Picture { get; init; }

    /// <summary>
    /// Its administrator and default token are stored by later commands. Until they are, no list or look-up shows it.
    /// </summary>
    public bool Founding { get; init; }
}

/// <summary>What a replaced organization is to be.</summary>
public sealed record OrganizationEdit(
    string Name, string FullName, string? Contact, string? ReplyTo, string? Picture, OrganizationOptions Options);

/// <summary>
/// The transitions of an organization. Each takes the state as it is, null where there is none. A deleted one makes
/// no transition but the end of its cascade. Rights are asked before, by the grain.
/// </summary>
public static class OrganizationMachine
{
    /// <summary>
    /// A new organization. The same create again finds it as it is; an id of a deleted one is not used again.
    /// </summary>
    public static Transition<OrganizationState> Create(
        OrganizationState? current, OrganizationSpec spec, DateTimeOffset now) => current switch
        {
            { DeletedAt: null } => Transition<OrganizationState>.Stay(current),
            { } => Transition<OrganizationState>.Refuse(TransitionRefusal.IdTaken),
            null => Transition<OrganizationState>.To(
                new OrganizationState
                {
                    Id = spec.Id,
                    Type = spec.Type,
                    Name = spec.Name,
                    FullName = spec.FullName,
                    Contact = spec.Contact,
                    ReplyTo = spec.ReplyTo,
                    Picture = spec.Picture,
                    ParentId = spec.ParentId,
                    RefreshTokenId = spec.RefreshTokenId,
                    Founding = spec.Founding,
                    CreatedAt = now,
                    UpdatedAt = now,
                    Version = 1,
                },
                "founded"),
        };

    /// <summary>Its administrator and default token are stored. A second finish changes nothing.</summary>
    public static Transition<OrganizationState> FinishFounding(OrganizationState? current, DateTimeOffset now) =>
        Change(current, s => s.Founding ? s with { Founding = false } : s, "founding_finished", now);

    /// <summary>Other settings. Refused at another version than the one expected, where one is.</summary>
    public static Transition<OrganizationState> Replace(
        OrganizationState? current, OrganizationEdit edit, long? expected, DateTimeOffset now) =>
        expected is { } version && current is { DeletedAt: null } && current.Version != version
            ? Transition<OrganizationState>.Refuse(TransitionRefusal.ChangedMeanwhile)
            : Change(
                current,
                s => s with
                {
                    Name = edit.Name,
                    FullName = edit.FullName,
                    Contact = edit.Contact,
                    ReplyTo = edit.ReplyTo,
                    Picture = edit.Picture,
                    Options = edit.Options,
                },
                "replaced",
                now);

    /// <summary>
    /// Another status; the same one changes nothing. Who listens is told of a disabled organization by that name, and
    /// of one that is disabled no more.
    /// </summary>
    public static Transition<OrganizationState> SetStatus(
        OrganizationState? current, OrganizationStatus status, DateTimeOffset now) =>
        Change(
            current,
            s => s with { Status = status },
            (current?.Status, status) switch
            {
                (_, OrganizationStatus.Disabled) => "disabled",
                (OrganizationStatus.Disabled, _) => "enabled",
                _ => "status_set",
            },
            now);

    /// <summary>
    /// Deleted, with what belongs to it still to be deleted. A root organization stays: it is as if it was not there
    /// to be deleted.
    /// </summary>
    public static Transition<OrganizationState> Delete(OrganizationState? current, DateTimeOffset now) =>
        current is { ParentId: null }
        ? Transition<OrganizationState>.Refuse(TransitionRefusal.NotFound)
        : Change(current, s => s with { DeletedAt = now, CascadePending = true }, "deleted", now);

    /// <summary>What belonged to it is deleted. A second finish changes nothing.</summary>
    public static Transition<OrganizationState> FinishCascade(OrganizationState? current, DateTimeOffset now) =>
        current switch
        {
            null => Transition<OrganizationState>.Refuse(TransitionRefusal.NotFound),
            { CascadePending: false } => Transition<OrganizationState>.Stay(current),
            _ => Next(current, current with { CascadePending = false }, "cascade_finished", now),
        };

    private static Transition<OrganizationState> Change(
        OrganizationState? current,
        Func<OrganizationState, OrganizationState> change,
        string happened,
        DateTimeOffset now) =>
        current is { DeletedAt: null }
            ? Next(current, change(current), happened, now)
            : Transition<OrganizationState>.Refuse(TransitionRefusal.NotFound);

    private static Transition<OrganizationState> Next(
        OrganizationState current, OrganizationState next, string happened, DateTimeOffset now) =>
        next == current
            ? Transition<OrganizationState>.Stay(current)
            : Transition<OrganizationState>.To(next with
            {
                UpdatedAt = Tombstone.UpdatedAt(next, current.UpdatedAt, now),
                Version = current.Version + 1,
            }, happened);
}
