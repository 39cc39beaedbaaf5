using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Members;

/// <summary>States of a member; names are the wire's in lower case.</summary>
public enum MemberStatus
{
    Enabled,

    /// <summary>Nothing made for it is accepted.</summary>
    Disabled,

    /// <summary>A forgotten password is being replaced.</summary>
    Forgotten,

    /// <summary>Invited, without a password of its own yet.</summary>
    Invited,

    /// <summary>Locked by an administrator.</summary>
    Locked,
}

public enum MemberType
{
    Personal,
    Service,
}

/// <summary>
/// What is stored of a password: PBKDF2-SHA256 is derived at the gateway with <paramref name="Salt"/> and
/// <paramref name="Iterations"/>, and only the keyed digest of the result is kept.
/// </summary>
public sealed record PasswordVerifier(byte[] Salt, int Iterations, SecretDigest Digest);

/// <summary>A member: the person or service behind tokens.</summary>
public sealed record MemberState : ITombstone
{
    public required MemberId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    /// <summary>As given; compared without regard to case.</summary>
    public required string Name { get; init; }

    public required string FullName { get; init; }

    public MemberStatus Status { get; init; } = MemberStatus.Enabled;

    public string? Nickname { get; init; }

    public string? Picture { get; init; }

    /// <summary>A tombstone since then, without a password that works.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Its tokens may still have to be deleted.</summary>
    public bool CascadePending { get; init; }

    public MemberType Type { get; init; } = MemberType.Personal;

    /// <summary>Each a <see cref="Grants.RoleReference"/>; names alone in a row.</summary>
    public required ImmutableArray<string> RoleBinding { get; init; }

    /// <summary>In a row: the ids of the roles, in the places of their names.</summary>
    public ImmutableArray<Guid?>? RoleIds { get; init; }

    /// <summary>How long a password lasts.</summary>
    public required GoDuration Ttl { get; init; }

    /// <summary>Life of this member's session tokens.</summary>
    public required GoDuration TokenTtl { get; init; }

    /// <summary>From then on the password must be changed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// When an invitation or a forgotten password is over: see <see cref="MemberMachine.IsPinOver"/>. When it was made,
    /// where there was none.
    /// </summary>
    public required DateTimeOffset PinExpiresAt { get; init; }

    public required DateTimeOffset LastLogon { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required PasswordVerifier Password { get; init; }

    /// <summary>The call that made it, where that may be repeated.</summary>
    public CreatingCall? CreatedBy { get; init; }

    public long Version { get; init; }

    /// <summary>Tokens of the member are accepted.</summary>
    public bool Stands => Status is MemberStatus.Enabled or MemberStatus.Forgotten;

    /// <summary>The longest ttl of a session token: 24 h for a person, 90 days for a service.</summary>
    public TimeSpan LongestTokenTtl => Type == MemberType.Service ? TimeSpan.FromDays(90) : TimeSpan.FromHours(24);
}
