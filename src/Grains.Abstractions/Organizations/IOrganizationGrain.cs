using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Members;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Abstractions.Organizations;

/// <summary>Creates an organization; the grain's key is its id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.FoundOrganization")]
public sealed record CreateOrganization
{
    /// <summary>Command id and origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Root or standard.</summary>
    [Id(1)] public required OrganizationType Type { get; init; }

    /// <summary>A slug.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(3)] public required string FullName { get; init; }

    /// <summary>Id of the default token, which is issued next.</summary>
    [Id(4)] public required TokenId RefreshTokenId { get; init; }

    /// <summary>The root organization that makes it; null for a root.</summary>
    [Id(5)] public OrganizationId? ParentId { get; init; }

    /// <summary>Contact address.</summary>
    [Id(6)] public string? Contact { get; init; }

    /// <summary>Reply-to address of mails.</summary>
    [Id(7)] public string? ReplyTo { get; init; }

    /// <summary>URL of a picture.</summary>
    [Id(8)] public string? Picture { get; init; }
}

/// <summary>An organization as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.OrganizationView")]
public sealed record OrganizationView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required OrganizationId Id { get; init; }

    /// <summary>Root or standard.</summary>
    [Id(1)] public required OrganizationType Type { get; init; }

    /// <summary>A slug.</summary>
    [Id(2)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(3)] public required string FullName { get; init; }

    /// <summary>Its default token.</summary>
    [Id(4)] public required TokenId RefreshTokenId { get; init; }

    /// <summary>Contact address.</summary>
    [Id(5)] public string? Contact { get; init; }

    /// <summary>Reply-to address of mails.</summary>
    [Id(6)] public string? ReplyTo { get; init; }

    /// <summary>URL of a picture.</summary>
    [Id(7)] public string? Picture { get; init; }

    /// <summary>Its state.</summary>
    [Id(8)] public required OrganizationStatus Status { get; init; }

    /// <summary>Last day of a pov or plg.</summary>
    [Id(9)] public DateOnly? EndDate { get; init; }

    /// <summary>When it was made.</summary>
    [Id(10)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    [Id(11)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The root organization that made it; null for a root.</summary>
    [Id(12)] public OrganizationId? ParentId { get; init; }

    /// <summary>How long an invitation stands, Go-style; null for the default.</summary>
    [Id(13)] public string? InviteDuration { get; init; }

    /// <summary>How long a forgotten password may be set anew; null for the default.</summary>
    [Id(14)] public string? ForgotDuration { get; init; }

    /// <summary>How long a password lasts; null for the member's own.</summary>
    [Id(15)] public string? PasswordDuration { get; init; }

    /// <summary>8 to 71; null for 8.</summary>
    [Id(16)] public int? MinimumPasswordLength { get; init; }

    /// <summary>Number of changes so far.</summary>
    [Id(17)] public long Version { get; init; }
}

/// <summary>Replaces an organization's settings.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReplaceOrganization")]
public sealed record ReplaceOrganization
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>A slug, unique in the service.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(2)] public required string FullName { get; init; }

    /// <summary>Contact address.</summary>
    [Id(3)] public string? Contact { get; init; }

    /// <summary>Reply-to address of mails.</summary>
    [Id(4)] public string? ReplyTo { get; init; }

    /// <summary>URL of a picture.</summary>
    [Id(5)] public string? Picture { get; init; }

    /// <summary>How long an invitation stands, Go-style.</summary>
    [Id(6)] public string? InviteDuration { get; init; }

    /// <summary>How long a forgotten password may be set anew.</summary>
    [Id(7)] public string? ForgotDuration { get; init; }

    /// <summary>How long a password lasts.</summary>
    [Id(8)] public string? PasswordDuration { get; init; }

    /// <summary>8 to 71.</summary>
    [Id(9)] public int? MinimumPasswordLength { get; init; }

    /// <summary>Refused where the organization is at another version. Null: not asked.</summary>
    [Id(10)] public long? ExpectedVersion { get; init; }
}

/// <summary>The answer to a command: the organization, or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.OrganizationAnswer")]
public sealed record OrganizationAnswer
{
    /// <summary>Null where the command was done.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The organization after the command; null where it was refused or deleted.</summary>
    [Id(1)] public OrganizationView? Organization { get; init; }
}

/// <summary>Makes an organization that can be opened at once; the grain's key is its id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionOrganization")]
public sealed record ProvisionOrganization
{
    /// <summary>The organization. Its command id and caller are those of the whole.</summary>
    [Id(0)] public required CreateOrganization Organization { get; init; }

    /// <summary>Id of the first member.</summary>
    [Id(1)] public required MemberId MemberId { get; init; }

    /// <summary>The first member.</summary>
    [Id(2)] public required CreateMember Member { get; init; }

    /// <summary>The default token, under the id that the organization names.</summary>
    [Id(3)] public required IssueToken Token { get; init; }
}

/// <summary>The answer to <see cref="ProvisionOrganization"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionedOrganization")]
public sealed record ProvisionedOrganization
{
    /// <summary>Null where the command was done.</summary>
    [Id(0)] public ResourceRefusal? Refusal { get; init; }

    /// <summary>The organization.</summary>
    [Id(1)] public OrganizationView? Organization { get; init; }

    /// <summary>The first member; null where the organization was there already.</summary>
    [Id(2)] public MemberView? Member { get; init; }

    /// <summary>The default token; null where the organization was there already.</summary>
    [Id(3)] public TokenView? Token { get; init; }

    /// <summary>
    /// It was there already, made by a call under the same idempotency key: the token's grain has the answer.
    /// </summary>
    [Id(4)] public bool Repeated { get; init; }
}

/// <summary>
/// One organization: its record, and the authority that every verification asks. Key: the organization id as a
/// lower-case UUID.
/// <para>
/// A cancellation token ends a call that waits for its turn or asks another grain, with
/// <see cref="OperationCanceledException"/>. A command whose commit is queued is carried out all the same. What other
/// grains tell of themselves takes no token: it is true whoever has left.
/// </para>
/// </summary>
[Alias("TokenActors.IOrganizationGrain")]
public interface IOrganizationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the organization alone: no list or look-up shows it before <see cref="FinishFounding"/>. The same call
    /// again changes nothing. <see cref="Provision"/> makes it whole.
    /// </summary>
    [Alias("Found")]
    Task<OrganizationView> CreateOrganization(
        CreateOrganization command, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same within the caller's rights. Refused: name taken, beyond the caller's grant, parent gone.
    /// </summary>
    [Alias("FoundWithin")]
    Task<OrganizationAnswer> CreateSubOrganization(
        CreateOrganization command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates the organization with its first member and its default token: all of it or nothing. Refused: name
    /// taken, beyond the caller's grant, parent gone, id taken.
    /// </summary>
    [Alias("Provision")]
    Task<ProvisionedOrganization> Provision(
        ProvisionOrganization command, CancellationToken cancellationToken = default);

    /// <summary>Replaces its settings. Refused: not found, name taken, another version than expected.</summary>
    [Alias("Replace")]
    Task<OrganizationAnswer> Replace(ReplaceOrganization command, CancellationToken cancellationToken = default);

    /// <summary>Deletes it: nothing of it is accepted from the answer on. Refused: not found, a root.</summary>
    [Alias("Delete")]
    Task<OrganizationAnswer> Delete(DeleteResource command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes what belongs to a deleted organization. Idempotent; called by the grain itself and by its reminder.
    /// </summary>
    [Alias("FinishDelete")]
    Task FinishDelete();

    /// <summary>Its administrator and default token are stored: from now on lists and look-ups show it.</summary>
    [Alias("FinishFounding")]
    Task<OrganizationView> FinishFounding(CallContext context, CancellationToken cancellationToken = default);

    /// <summary>The organization, or null.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<OrganizationView?> Get(CancellationToken cancellationToken = default);

    /// <summary>Enables or disables it; takes effect on the next call. Null where there is no organization.</summary>
    [Alias("SetStatus")]
    Task<OrganizationView?> SetStatus(
        CallContext context, OrganizationStatus status, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether the organization, the member and every token and resource above a token are valid. Answered from
    /// memory.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Ask")]
    Task<OwnerStatus> Ask(OwnerStatusQuery query, CancellationToken cancellationToken = default);

    /// <summary>A member was made or changed. Told before the member's grain answers.</summary>
    [AlwaysInterleave]
    [Alias("MemberChanged")]
    Task MemberChanged(MemberId member, string name, MemberStatus status, ImmutableArray<string> roles, long version);

    /// <summary>A token was deleted. Its descendants are refused from now on.</summary>
    [AlwaysInterleave]
    [Alias("TokenDying")]
    Task MarkDeleting(TokenId token);

    /// <summary>All descendants of a deleted token are deleted.</summary>
    [AlwaysInterleave]
    [Alias("TokenGone")]
    Task ClearDeleting(TokenId token);

    /// <summary>
    /// A role was made, changed or, where <paramref name="content"/> is null, deleted. Told before the role's grain
    /// answers.
    /// </summary>
    [AlwaysInterleave]
    [Alias("RoleChanged")]
    Task RoleChanged(Guid role, string name, RoleContent? content, long version);

    /// <summary>
    /// An endpoint for events was made or changed, or is sent nothing any more where <paramref name="listener"/> is
    /// null. Told before the endpoint's grain answers: its events begin with the first change after that.
    /// </summary>
    [AlwaysInterleave]
    [Alias("ListenerChanged")]
    Task ListenerChanged(Guid endpoint, EventListener? listener, long version);

    /// <summary>Who is sent events of the organization.</summary>
    [AlwaysInterleave]
    [Alias("GetListeners")]
    Task<ImmutableArray<EventListener>> GetListeners(CancellationToken cancellationToken = default);

    /// <summary>
    /// The organization's policy was set, or is gone where <paramref name="policy"/> is null. Told before the policy's
    /// grain answers; suborganizations are told too.
    /// </summary>
    [AlwaysInterleave]
    [Alias("PolicyChanged")]
    Task PolicyChanged(PolicyContent? policy, long version);

    /// <summary>The same of the organization above this one.</summary>
    [AlwaysInterleave]
    [Alias("PolicyAboveChanged")]
    Task PolicyAboveChanged(PolicyContent? policy, long version);

    /// <summary>
    /// What the organization demands of its tokens, that of the organization above it included; null for nothing.
    /// </summary>
    [AlwaysInterleave]
    [Alias("GetPolicy")]
    Task<PolicyContent?> GetPolicy(CancellationToken cancellationToken = default);

    /// <summary>A member was deleted. Told before the member's grain answers.</summary>
    [AlwaysInterleave]
    [Alias("MemberGone")]
    Task MemberGone(MemberId member, long version);

    /// <summary>A resource was deleted. What belongs to it is refused from now on.</summary>
    [AlwaysInterleave]
    [Alias("Dying")]
    Task MarkDeleting(Guid resource);

    /// <summary>Everything that belonged to a deleted resource is deleted.</summary>
    [AlwaysInterleave]
    [Alias("Gone")]
    Task ClearDeleting(Guid resource);

    /// <summary>
    /// Asks whether a member may cease to be an administrator: false where no other would be left. A release holds
    /// until the member's next change is told, or until <see cref="RestoreAdministrator"/>.
    /// </summary>
    [AlwaysInterleave]
    [Alias("LetAdministratorGo")]
    Task<bool> TryReleaseAdministrator(MemberId member);

    /// <summary>What <see cref="TryReleaseAdministrator"/> would say, without a release.</summary>
    [AlwaysInterleave]
    [Alias("MayAdministratorGo")]
    Task<bool> MayReleaseAdministrator(MemberId member);

    /// <summary>Takes a release back that was not used.</summary>
    [AlwaysInterleave]
    [Alias("KeepAdministrator")]
    Task RestoreAdministrator(MemberId member);

    /// <summary>What a set of roles allows now, whoever has it.</summary>
    [AlwaysInterleave]
    [Alias("ResolveRoles")]
    Task<ResolvedRoles> ResolveRoles(ImmutableArray<string> roles, CancellationToken cancellationToken = default);

    /// <summary>How to derive a password for a member's name; for an unknown name a stable fake.</summary>
    [AlwaysInterleave]
    [Alias("Challenge")]
    Task<PasswordChallenge> Challenge(string memberName, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same for an attempt, which counts against the limit of its name, whichever gateway asks: 10 a minute where
    /// the operator says nothing else.
    /// </summary>
    [AlwaysInterleave]
    [Alias("BeginLogon")]
    Task<LogonChallenge> BeginLogon(LogonAttempt attempt, CancellationToken cancellationToken = default);

    /// <summary>
    /// An attempt failed. The audit trail gets one row a name, address and minute, with their number; of an
    /// organization that does not exist, none.
    /// </summary>
    [AlwaysInterleave]
    [Alias("LogonFailed")]
    Task LogonFailed(LogonAttempt attempt);
}
