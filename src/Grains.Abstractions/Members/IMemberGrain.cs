using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Members;

/// <summary>A password as it crosses grain calls: never itself, only what PBKDF2-SHA256 made of it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DerivedPassword")]
public sealed record DerivedPassword
{
    /// <summary>16 random bytes.</summary>
    [Id(0)] public required byte[] Salt { get; init; }

    /// <summary>PBKDF2 iterations.</summary>
    [Id(1)] public required int Iterations { get; init; }

    /// <summary>Fingerprint of the 32 derived bytes.</summary>
    [Id(2)] public required SecretFingerprint Derived { get; init; }
}

/// <summary>Creates a member; the grain's key is its id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CreateMember")]
public sealed record CreateMember
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Its organization.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Unique in the organization without regard to case.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Null: the name.</summary>
    [Id(3)] public string? FullName { get; init; }

    /// <summary>Personal or service.</summary>
    [Id(4)] public MemberType Type { get; init; }

    /// <summary>Names of its roles.</summary>
    [Id(5)] public required ImmutableArray<string> RoleBinding { get; init; }

    /// <summary>Its password.</summary>
    [Id(6)] public required DerivedPassword Password { get; init; }

    /// <summary>Life of its session tokens, Go-style. Null: 1h.</summary>
    [Id(7)] public string? TokenTtl { get; init; }

    /// <summary>How long a password lasts, Go-style. Null: 10 years.</summary>
    [Id(8)] public string? Ttl { get; init; }

    /// <summary>What the member is called.</summary>
    [Id(9)] public string? Nickname { get; init; }

    /// <summary>URL of a picture.</summary>
    [Id(10)] public string? Picture { get; init; }

    /// <summary>Its state.</summary>
    [Id(11)] public MemberStatus Status { get; init; } = MemberStatus.Enabled;

    /// <summary>The password must be changed at the first log-on.</summary>
    [Id(12)] public bool PasswordExpired { get; init; }
}

/// <summary>Replaces what a member is; its password stays.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReplaceMember")]
public sealed record ReplaceMember
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Unique in the organization without regard to case.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(2)] public required string FullName { get; init; }

    /// <summary>What the member is called.</summary>
    [Id(3)] public string? Nickname { get; init; }

    /// <summary>URL of a picture.</summary>
    [Id(4)] public string? Picture { get; init; }

    /// <summary>Its state.</summary>
    [Id(5)] public required MemberStatus Status { get; init; }

    /// <summary>Names of its roles.</summary>
    [Id(6)] public required ImmutableArray<string> RoleBinding { get; init; }

    /// <summary>How long a password lasts, Go-style.</summary>
    [Id(7)] public required string Ttl { get; init; }

    /// <summary>Life of its session tokens, Go-style.</summary>
    [Id(8)] public required string TokenTtl { get; init; }

    /// <summary>Refused where the member is at another version. Null: not asked.</summary>
    [Id(9)] public long? ExpectedVersion { get; init; }
}

/// <summary>The answer to a command: the member, or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MemberAnswer")]
public sealed record MemberAnswer
{
    /// <summary>Null where the command was done.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The member after the command; null where it was refused or deleted.</summary>
    [Id(1)] public MemberView? Member { get; init; }

    /// <summary>What does not fit, where that can be said.</summary>
    [Id(2)] public ImmutableArray<string> Details { get; init; } = [];
}

/// <summary>An attempt to prove a password.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.PasswordProof")]
public sealed record PasswordProof
{
    /// <summary>Command id and origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>What was derived with the salt of the challenge.</summary>
    [Id(1)] public required SecretFingerprint Derived { get; init; }

    /// <summary>The next password, where it is to be changed.</summary>
    [Id(2)] public DerivedPassword? Next { get; init; }

    /// <summary>With the change, end the member's tokens too, and not its sessions only.</summary>
    [Id(3)] public bool EndTokens { get; init; }
}

/// <summary>What became of a proof; names follow the wire's <c>auth_code</c>.</summary>
[GenerateSerializer, Alias("TokenActors.AuthOutcome")]
public enum AuthOutcome
{
    /// <summary>The password is right, and the member may log on.</summary>
    Success,

    /// <summary>Wrong password, or no such member.</summary>
    Failure,

    /// <summary>The password is right; the member is disabled.</summary>
    Disabled,

    /// <summary>The password is right, but older than it may be.</summary>
    Expired,

    /// <summary>The password is right; the invitation was not taken up yet.</summary>
    Invited,

    /// <summary>The password is right; the member is locked.</summary>
    Locked,

    /// <summary>The password is right, but the invitation, or the time to set a forgotten one anew, is over.</summary>
    Lapsed,
}

/// <summary>The answer to a proof.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AuthAnswer")]
public sealed record AuthAnswer
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required AuthOutcome Outcome { get; init; }

    /// <summary>The member; null on failure.</summary>
    [Id(1)] public MemberView? Member { get; init; }
}

/// <summary>A member as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MemberView")]
public sealed record MemberView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required MemberId Id { get; init; }

    /// <summary>Its organization.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Unique in the organization.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(3)] public required string FullName { get; init; }

    /// <summary>Its state.</summary>
    [Id(4)] public required MemberStatus Status { get; init; }

    /// <summary>Personal or service.</summary>
    [Id(5)] public required MemberType Type { get; init; }

    /// <summary>Names of its roles.</summary>
    [Id(6)] public required ImmutableArray<string> RoleBinding { get; init; }

    /// <summary>How long a password lasts, Go-style.</summary>
    [Id(7)] public required string Ttl { get; init; }

    /// <summary>Life of its session tokens, Go-style.</summary>
    [Id(8)] public required string TokenTtl { get; init; }

    /// <summary>From then on the password must be changed.</summary>
    [Id(9)] public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>End of an invitation.</summary>
    [Id(10)] public required DateTimeOffset PinExpiresAt { get; init; }

    /// <summary>When it last logged on.</summary>
    [Id(11)] public required DateTimeOffset LastLogon { get; init; }

    /// <summary>When it was made.</summary>
    [Id(12)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(13)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The longest life of its session tokens.</summary>
    [Id(14)] public required TimeSpan LongestTokenTtl { get; init; }

    /// <summary>What the member is called.</summary>
    [Id(15)] public string? Nickname { get; init; }

    /// <summary>URL of a picture.</summary>
    [Id(16)] public string? Picture { get; init; }

    /// <summary>Number of changes so far.</summary>
    [Id(17)] public long Version { get; init; }

    /// <summary>
    /// Its roles as it is bound to them: see <see cref="Domain.Grants.RoleReference"/>. What a session of it is bound
    /// to.
    /// </summary>
    [Id(18)] public ImmutableArray<string> RoleReferences { get; init; } = [];
}

/// <summary>
/// One member: the person or service behind tokens. Key: the member id as a lower-case UUID. A cancellation token
/// ends a call that waits for its turn or asks another grain, with <see cref="OperationCanceledException"/>; a
/// command whose commit is queued is carried out all the same.
/// </summary>
[Alias("TokenActors.IMemberGrain")]
public interface IMemberGrain : IGrainWithStringKey
{
    /// <summary>Creates the member; null where the id or the name is taken by another.</summary>
    [Alias("Create")]
    Task<MemberView?> Create(CreateMember command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates the member within the caller's rights. Refused: id or name taken, roles that do not exist or that give
    /// more than the caller has, organization gone.
    /// </summary>
    [Alias("Add")]
    Task<MemberAnswer> Add(CreateMember command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces what it is. Refused: not found, roles before or after that give more than the caller has, the last
    /// administrator, another version than expected.
    /// </summary>
    [Alias("Replace")]
    Task<MemberAnswer> Replace(ReplaceMember command, CancellationToken cancellationToken = default);

    /// <summary>Deletes it; its tokens are dead from the answer on. Refused: as replace.</summary>
    [Alias("Delete")]
    Task<MemberAnswer> Delete(DeleteResource command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes the member with its organization, the last administrator too. For grains only: a caller is refused as
    /// not found.
    /// </summary>
    [Alias("EndWithOrganization")]
    Task<MemberAnswer> EndWithOrganization(DeleteResource command);

    /// <summary>
    /// Deletes the tokens of a deleted member. Idempotent; called by the grain itself and by its reminder.
    /// </summary>
    [Alias("FinishDelete")]
    Task FinishDelete();

    /// <summary>The member, or null.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<MemberView?> Get(CancellationToken cancellationToken = default);

    /// <summary>
    /// The member on behalf of a caller. Refused: not found, also where the caller's grant does not reach it.
    /// </summary>
    [AlwaysInterleave]
    [Alias("See")]
    Task<MemberAnswer> See(ReadResource query, CancellationToken cancellationToken = default);

    /// <summary>How to derive the password for a proof; null where there is no member.</summary>
    [AlwaysInterleave]
    [Alias("Challenge")]
    Task<PasswordChallenge?> Challenge(CancellationToken cancellationToken = default);

    /// <summary>Proves the password and notes the log-on.</summary>
    [Alias("Logon")]
    Task<AuthAnswer> Logon(PasswordProof proof, CancellationToken cancellationToken = default);

    /// <summary>
    /// Proves the old password and stores the next one. The member's sessions end, but for the caller's own.
    /// </summary>
    [Alias("ChangePassword")]
    Task<AuthAnswer> ChangePassword(PasswordProof proof, CancellationToken cancellationToken = default);

    /// <summary>
    /// Enables, disables or locks the member; its tokens follow at once. Null where there is no member.
    /// </summary>
    [Alias("SetStatus")]
    Task<MemberView?> SetStatus(
        CallContext context, MemberStatus status, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sets another password without proof of the old one, and enables the member: for the operator's own code, where
    /// no administrator can log on any more. Null where there is no member.
    /// </summary>
    [Alias("ResetPassword")]
    Task<MemberView?> ResetPassword(
        CallContext context, DerivedPassword password, CancellationToken cancellationToken = default);

    /// <summary>Binds other roles; its tokens follow at once. Null where there is no member.</summary>
    [Alias("BindRoles")]
    Task<MemberView?> BindRoles(
        CallContext context, ImmutableArray<string> roles, CancellationToken cancellationToken = default);
}

/// <summary>
/// How to derive a password for a proof. The answer for an unknown name has the same form as for a known one.
/// </summary>
[GenerateSerializer, Immutable, Alias("TokenActors.PasswordChallenge")]
public sealed record PasswordChallenge
{
    /// <summary>Whom to send the proof.</summary>
    [Id(0)] public required MemberId MemberId { get; init; }

    /// <summary>PBKDF2 salt.</summary>
    [Id(1)] public required byte[] Salt { get; init; }

    /// <summary>PBKDF2 iterations.</summary>
    [Id(2)] public required int Iterations { get; init; }
}
