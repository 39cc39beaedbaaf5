using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tokens;

/// <summary>What a token opens.</summary>
public enum TokenOwnerType
{
    Organization,
    Integration,

    /// <summary>A user, team or workflow that only the clients of a facade know.</summary>
    Principal,

    /// <summary>A bridge of an account, whose agents report with the token.</summary>
    Bridge,
}

/// <summary>One secret as the server knows it.</summary>
public sealed record Credential(SecretDigest Digest, string LastFour, DateTimeOffset ExpiresAt)
{
    /// <summary>
    /// The scheme of an imported key, which opens nothing of this service; null for what was minted here.
    /// </summary>
    public string? Scheme { get; init; }
}

/// <summary>An access credential and, where the profile has one, a refresh credential, minted together.</summary>
public sealed record CredentialPair(Credential Access, Credential? Refresh, DateTimeOffset MintedAt)
{
    /// <summary>When the last of its secrets expires by itself.</summary>
    public DateTimeOffset ExpiresAt =>
        Refresh is { } refresh ? Instant.Later(Access.ExpiresAt, refresh.ExpiresAt) : Access.ExpiresAt;

    /// <summary>The same pair as it is accepted, of a token that may end before it.</summary>
    public CredentialPair EndingBy(DateTimeOffset end) => this with
    {
        Access = Access with { ExpiresAt = Instant.Earlier(Access.ExpiresAt, end) },
        Refresh = Refresh is { } refresh ? refresh with { ExpiresAt = Instant.Earlier(refresh.ExpiresAt, end) } : null,
    };
}

/// <summary>
/// How a pair ceased to be the primary. Decides whether showing it again is a retry, a replay, or merely outdated.
/// </summary>
public enum Supersession
{
    /// <summary>Its holder refreshed it: showing it again may be a retry or a theft.</summary>
    Refreshed,

    /// <summary>An administrator rotated or replaced it: the holder did nothing wrong.</summary>
    Rotated,

    /// <summary>It was reset or removed.</summary>
    Removed,
}

/// <summary>
/// The secondary slot: a former primary, kept until its own expiry, its deadline, the next rotation, or its removal.
/// </summary>
public sealed record SecondaryPair(
    CredentialPair Pair, Supersession By, DateTimeOffset SupersededAt, DateTimeOffset? Deadline)
{
    /// <summary>From then on no secret of it is accepted.</summary>
    public DateTimeOffset EndsAt =>
        Deadline is { } deadline ? Instant.Earlier(deadline, Pair.ExpiresAt) : Pair.ExpiresAt;
}

/// <summary>A refresh secret of a pair before the secondary, kept to tell a replay from a random string.</summary>
public sealed record SpentSecret(SecretDigest Digest, Supersession By, DateTimeOffset At);

/// <summary>
/// An answer that can be given again to the same caller with the same idempotency key. <see cref="Answer"/> is the
/// record as it was then, <see cref="Sealed"/> the secrets that only the caller can open.
/// </summary>
public sealed record IdempotencyRecord(byte[] Key, byte[] Request, byte[] Sealed, DateTimeOffset At, TokenState Answer);

/// <summary>Where a token's grant comes from: role names, resolved when it is used, or a grant of its own.</summary>
public abstract record GrantBinding
{
    private GrantBinding()
    {
    }

    /// <param name="Names">each a <see cref="RoleReference"/></param>
    public sealed record Roles(ImmutableArray<string> Names) : GrantBinding
    {
        public bool Equals(Roles? other) => other is not null && Names.SequenceEqual(other.Names);

        public override int GetHashCode() => Names.Length;
    }

    /// <summary>A grant of the token's own.</summary>
    public abstract record Own : GrantBinding
    {
        public abstract Grant Grant { get; }
    }

    public sealed record Adhoc(string PermissionSet, Resources Resources) : Own
    {
        public override Grant Grant => Grant.Of(PermissionSet, Resources);
    }

    /// <summary>Actions that no permission set is the name of.</summary>
    public sealed record Listed(ActionSet Actions, Resources Resources) : Own
    {
        public override Grant Grant => Grant.Of(Actions, Resources);
    }
}

/// <summary>The states of a record. Deleted counts before disabled, and disabled before expired.</summary>
public enum TokenStatus
{
    /// <summary>Secrets are accepted until their expiry.</summary>
    Active,

    /// <summary>No secret is accepted until it is enabled again; the record's life runs on.</summary>
    Disabled,

    /// <summary>The record's life is over. Reset or a new life revives it, for 30 days; then it is purged.</summary>
    Expired,

    /// <summary>A tombstone without secrets, kept 30 days for audit, then purged.</summary>
    Deleted,
}

/// <summary>
/// Everything a refresh token's grain owns, immutable. Made and changed only by <see cref="TokenMachine"/>.
/// </summary>
public sealed record TokenState : ITombstone
{
    public required TokenId Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required MemberId MemberId { get; init; }

    public required TokenOwnerType OwnerType { get; init; }

    /// <summary>Id of the organization, integration, principal or bridge that the token opens.</summary>
    public required string OwnerId { get; init; }

    public required TokenProfile Profile { get; init; }

    public required string Name { get; init; }

    public required string FullName { get; init; }

    /// <summary>The token that this one was made with; its own id where there was none.</summary>
    public required TokenId ParentId { get; init; }

    /// <inheritdoc cref="TokenBelonging"/>
    public TokenBelonging BelongsTo { get; init; }

    /// <summary>The tokens above that it dies with, nearest first. One of them deleted means this one dead.</summary>
    public ImmutableArray<TokenId> Ancestors { get; init; } = [];

    public required GrantBinding Binding { get; init; }

    /// <summary>The account that it hangs on, apart from its owner.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>The resources that it hangs on, nearest first: one of them deleted means this token dead.</summary>
    public ImmutableArray<Guid> Within =>
    [
        .. OwnerType is TokenOwnerType.Integration or TokenOwnerType.Bridge
            ? (ReadOnlySpan<Guid>)[Guid.Parse(OwnerId)]
            : [],
        .. AccountId is { } account ? (ReadOnlySpan<Guid>)[account] : [],
    ];

    /// <summary>Free-form claims as JSON, e.g. an MCP scope.</summary>
    public string? Claims { get; init; }

    /// <inheritdoc cref="TokenNotes"/>
    public TokenNotes Notes { get; init; } = TokenNotes.None;

    /// <summary>From where its secrets are accepted.</summary>
    public AddressRanges Addresses { get; init; } = AddressRanges.Anywhere;

    /// <summary>How often its secrets are accepted.</summary>
    public TokenLimits Limits { get; init; } = TokenLimits.None;

    /// <summary>
    /// Of a number of uses those that nobody has taken yet; below zero where there were more before the number was
    /// lowered.
    /// </summary>
    public long UsesLeft { get; init; }

    public required GoDuration Ttl { get; init; }

    /// <summary>Narrower than the profile's, where the member's kind demands it.</summary>
    public TimeSpan? LongestTtl { get; init; }

    /// <summary>
    /// It stays valid when its member is disabled or deleted, and its grant is not cut to the member's.
    /// </summary>
    public bool Independent { get; init; }

    /// <summary>Counts the primaries; where clients count them, they may set it.</summary>
    public long SecretVersion { get; init; } = 1;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>
    /// No life of it passes this: the end of its parent's, where the operator cuts a child's life to it.
    /// </summary>
    public DateTimeOffset? EndsBy { get; init; }

    public bool Enabled { get; init; } = true;

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Descendants may still have to be deleted.</summary>
    public bool CascadePending { get; init; }

    /// <summary>
    /// The last notice of this life's end that was given, in days before it; null where none was.
    /// </summary>
    public int? NoticedDays { get; init; }

    /// <summary>The primary was made by a refresh, and not by an issue, a rotation or a reset.</summary>
    public bool PrimaryByRefresh { get; init; }

    /// <summary>The end of this life was noted.</summary>
    public bool ExpiryNoted { get; init; }

    /// <summary>When its life was last set apart from its secrets; null where it never was.</summary>
    public DateTimeOffset? LifeSetAt { get; init; }

    /// <summary>From when on its present life is counted: since it was set, or since the primary was minted.</summary>
    public DateTimeOffset LifeBeganAt =>
        Primary?.MintedAt is { } minted && (LifeSetAt is not { } set || minted > set) ? minted : LifeSetAt ?? CreatedAt;

    /// <summary>Raised by one by every command that changes something.</summary>
    public long Version { get; init; }

    /// <summary>Null only in a tombstone.</summary>
    public CredentialPair? Primary { get; init; }

    public SecondaryPair? Secondary { get; init; }

    /// <summary>Newest first, at most eight.</summary>
    public ImmutableArray<SpentSecret> Spent { get; init; } = [];

    /// <summary>Newest first, at most eight, none older than ten minutes at the last change.</summary>
    public ImmutableArray<IdempotencyRecord> Answers { get; init; } = [];

    /// <summary>
    /// When a secret of the primary was first presented. Written beside the state, without a version.
    /// </summary>
    public DateTimeOffset? PrimaryPresentedAt { get; init; }

    /// <summary>
    /// The primary's secrets, sealed for the holder of the secondary's refresh secret. Erased beside the state.
    /// </summary>
    public byte[]? SealedPrimary { get; init; }

    public TokenStatus StatusAt(DateTimeOffset now) => this switch
    {
        { DeletedAt: not null } => TokenStatus.Deleted,
        { Enabled: false } => TokenStatus.Disabled,
        _ when now >= ExpiresAt => TokenStatus.Expired,
        _ => TokenStatus.Active,
    };
}
