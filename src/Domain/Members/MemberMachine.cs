using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Members;

/// <summary>What a new member is to be.</summary>
public sealed record MemberSpec
{
    public required MemberId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required string Name { get; init; }

    /// <summary>Null: the name.</summary>
    public string? FullName { get; init; }

    public string? Nickname { get; init; }

    public string? Picture { get; init; }

    public MemberType Type { get; init; }

    public MemberStatus Status { get; init; } = MemberStatus.Enabled;

    public required ImmutableArray<string> RoleBinding { get; init; }

    /// <summary>How long a password lasts. Null: 10 years.</summary>
    public GoDuration? Ttl { get; init; }

    /// <summary>Life of session tokens. Null: 1h.</summary>
    public GoDuration? TokenTtl { get; init; }

    public required PasswordVerifier Password { get; init; }

    /// <summary>How long the organization lets its password and its invitation stand.</summary>
    public PasswordLives Lives { get; init; } = PasswordLives.Default;

    /// <summary>The password must be changed at the first log-on.</summary>
    public bool PasswordExpired { get; init; }

    /// <summary>The call that makes it, where that may be repeated.</summary>
    public CreatingCall? CreatedBy { get; init; }
}

/// <summary>What a replaced member is to be. An invitation, or a forgotten password, that it begins with stands as long
/// as the organization lets it.</summary>
public sealed record MemberEdit(
    string Name,
    string FullName,
    string? Nickname,
    string? Picture,
    MemberStatus Status,
    ImmutableArray<string> RoleBinding,
    GoDuration Ttl,
    GoDuration TokenTtl,
    PasswordLives Lives);

/// <summary>
/// The transitions of a member. Each takes the state as it is, null where there is none. A deleted member makes no
/// transition but the end of its cascade: it is as if it was not there. Rights are asked before, by the grain.
/// </summary>
public static class MemberMachine
{
    private static readonly GoDuration DefaultTtl = GoDuration.Of("87600h");
    private static readonly GoDuration DefaultTokenTtl = GoDuration.Of("1h");

    /// <summary>
    /// A new member. An id that belongs to a live member is refused, and so is one of a deleted member: ids are not
    /// used again.
    /// </summary>
    public static Transition<MemberState> Create(MemberState? current, MemberSpec spec, DateTimeOffset now)
    {
        if (current is not null)
        {
            return Transition<MemberState>.Refuse(
                current.DeletedAt is null ? TransitionRefusal.IdTaken : TransitionRefusal.NotFound);
        }

        var ttl = spec.Ttl ?? DefaultTtl;
        return Transition<MemberState>.To(
            new MemberState
            {
                Id = spec.Id,
                OrganizationId = spec.OrganizationId,
                Name = spec.Name,
                FullName = spec.FullName ?? spec.Name,
                Nickname = spec.Nickname,
                Picture = spec.Picture,
                Type = spec.Type,
                Status = spec.Status,
                RoleBinding = spec.RoleBinding,
                Ttl = ttl,
                TokenTtl = spec.TokenTtl ?? DefaultTokenTtl,
                ExpiresAt = spec.PasswordExpired ? now : PasswordExpiry(ttl, spec.Lives.Longest, now),
                PinExpiresAt = spec.Lives.PinEnd(spec.Status, now),
                LastLogon = now,
                CreatedAt = now,
                UpdatedAt = now,
                Password = spec.Password,
                CreatedBy = spec.CreatedBy,
                Version = 1,
            },
            "created");
    }

    /// <summary>
    /// Other names, status, roles and lives. Refused at another version than the one whose rights were asked.
    /// </summary>
    public static Transition<MemberState> Replace(
        MemberState? current, MemberEdit edit, long version, DateTimeOffset now) =>
        IsOther(current, version)
            ? Transition<MemberState>.Refuse(TransitionRefusal.ChangedMeanwhile)
            : Change(current, s => WithPin(Edited(s, edit), s.Status, edit.Lives, now), "replaced", now);

    /// <summary>What <see cref="Replace"/> makes of a member, so that its rights can be asked before.</summary>
    public static MemberState Edited(MemberState current, MemberEdit edit) => current with
    {
        Name = edit.Name,
        FullName = edit.FullName,
        Nickname = edit.Nickname,
        Picture = edit.Picture,
        Status = edit.Status,

        RoleBinding = Unless(current.RoleBinding, edit.RoleBinding),
        Ttl = edit.Ttl,
        TokenTtl = edit.TokenTtl,
    };

    /// <summary>A log-on whose password was proved. The digest moves to the pepper in use; null leaves it.</summary>
    public static Transition<MemberState> LogOn(MemberState? current, SecretDigest? renewed, DateTimeOffset now) =>
        Change(
            current,
            s => s with
            {
                LastLogon = now,
                Password = renewed is null ? s.Password : s.Password with { Digest = renewed },
            },
            "logged_on",
            now);

    /// <summary>
    /// Another password, after the old one was proved. It expires after the member's password life, or after the
    /// organization's where that is shorter. Who was invited has taken the invitation up, and nothing is forgotten any
    /// more.
    /// </summary>
    public static Transition<MemberState> ChangePassword(
        MemberState? current, PasswordVerifier next, TimeSpan? longest, DateTimeOffset now) =>
        Change(
            current,
            s => s with
            {
                Password = next,
                Status = s.Status is MemberStatus.Invited or MemberStatus.Forgotten ? MemberStatus.Enabled : s.Status,
                ExpiresAt = PasswordExpiry(s.Ttl, longest, now),
            },
            "password_changed",
            now);

    /// <summary>
    /// Another password set by the operator, without proof of the old one. The member is enabled, whatever its status
    /// was.
    /// </summary>
    public static Transition<MemberState> ResetPassword(
        MemberState? current, PasswordVerifier next, DateTimeOffset now) =>
        Change(
            current,
            s => s with
            {
                Password = next,
                Status = MemberStatus.Enabled,
                ExpiresAt = PasswordExpiry(s.Ttl, longest: null, now),
            },
            "password_reset",
            now);

    /// <summary>Another status; the same one changes nothing.</summary>
    public static Transition<MemberState> SetStatus(MemberState? current, MemberStatus status, DateTimeOffset now) =>
        Change(
            current, s => WithPin(s with { Status = status }, s.Status, PasswordLives.Default, now), "status_set", now);

    /// <summary>
    /// When an invitation or a forgotten password is over. Programs of before noted no end of them: their invitations
    /// stand for a week from the last change.
    /// </summary>
    public static DateTimeOffset PinEndOf(MemberState state) =>
        state.Status != MemberStatus.Invited || state.PinExpiresAt > state.CreatedAt
            ? state.PinExpiresAt
            : PasswordLives.Default.PinEnd(state.Status, state.UpdatedAt);

    /// <summary>Whether who was invited, or forgot the password, comes too late.</summary>
    public static bool IsPinOver(MemberState state, DateTimeOffset now) => state.Status switch
    {
        MemberStatus.Invited => now >= PinEndOf(state),
        MemberStatus.Forgotten => state.PinExpiresAt > state.CreatedAt && now >= state.PinExpiresAt,
        _ => false,
    };

    /// <summary>Other roles; the same ones change nothing.</summary>
    public static Transition<MemberState> BindRoles(
        MemberState? current, ImmutableArray<string> roles, DateTimeOffset now) =>
        Change(current, s => s with { RoleBinding = Unless(s.RoleBinding, roles) }, "roles_bound", now);

    /// <summary>
    /// Deleted, with its tokens still to be deleted. Refused at another version than the one whose rights were asked.
    /// </summary>
    public static Transition<MemberState> Delete(MemberState? current, long version, DateTimeOffset now) =>
        IsOther(current, version)
            ? Transition<MemberState>.Refuse(TransitionRefusal.ChangedMeanwhile)
            : Change(current, s => s with { DeletedAt = now, CascadePending = true, CreatedBy = null }, "deleted", now);

    /// <summary>Deleted with its organization, which deletes the tokens itself.</summary>
    public static Transition<MemberState> EndWithOrganization(MemberState? current, DateTimeOffset now) =>
        Change(current, s => s with { DeletedAt = now }, "deleted", now);

    /// <summary>Its tokens are deleted. A second finish changes nothing.</summary>
    public static Transition<MemberState> FinishCascade(MemberState? current, DateTimeOffset now) => current switch
    {
        null => Transition<MemberState>.Refuse(TransitionRefusal.NotFound),
        { CascadePending: false } => Transition<MemberState>.Stay(current),
        _ => Next(current, current with { CascadePending = false }, "cascade_finished", now),
    };

    /// <summary>A status that is asked for anew begins its while; one that stays keeps what is left of it.</summary>
    private static MemberState WithPin(MemberState next, MemberStatus before, PasswordLives lives, DateTimeOffset now) =>
        next.Status != before && next.Status is (MemberStatus.Invited or MemberStatus.Forgotten)
            ? next with { PinExpiresAt = lives.PinEnd(next.Status, now) }
            : next;

    /// <summary>The same list where nothing changes in it: states are compared as records.</summary>
    private static ImmutableArray<string> Unless(ImmutableArray<string> same, ImmutableArray<string> roles) =>
        same.SequenceEqual(roles) ? same : roles;

    private static bool IsOther(MemberState? current, long version) =>
        current is { DeletedAt: null } && current.Version != version;

    private static DateTimeOffset PasswordExpiry(GoDuration ttl, TimeSpan? longest, DateTimeOffset now) =>
        now.PlusCapped(
            ttl.Value < (longest ?? PasswordRules.LongestLife) ? ttl.Value : longest ?? PasswordRules.LongestLife);

    private static Transition<MemberState> Change(
        MemberState? current, Func<MemberState, MemberState> change, string happened, DateTimeOffset now) =>
        current is { DeletedAt: null }
            ? Next(current, change(current), happened, now)
            : Transition<MemberState>.Refuse(TransitionRefusal.NotFound);

    private static Transition<MemberState> Next(
        MemberState current, MemberState next, string happened, DateTimeOffset now) => next == current
        ? Transition<MemberState>.Stay(current)
        : Transition<MemberState>.To(next with
        {
            UpdatedAt = Tombstone.UpdatedAt(next, current.UpdatedAt, now),
            Version = current.Version + 1,
        }, happened);
}
