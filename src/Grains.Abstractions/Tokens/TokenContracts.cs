using System.Collections.Immutable;
using System.Net;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Tokens;

/// <summary>A freshly minted secret as grains get to know it; see <c>SecretMint</c>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MintedSecret")]
public sealed record MintedSecret
{
    /// <summary>SHA-256 of the secret.</summary>
    [Id(0)] public required SecretFingerprint Fingerprint { get; init; }

    /// <summary>Its last four characters, for masked display.</summary>
    [Id(1)] public required string LastFour { get; init; }
}

/// <summary>A freshly minted pair.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MintedSecrets")]
public sealed record MintedSecrets
{
    /// <summary>The access half.</summary>
    [Id(0)] public required MintedSecret Access { get; init; }

    /// <summary>The refresh half; present exactly where the profile has one.</summary>
    [Id(1)] public MintedSecret? Refresh { get; init; }
}

/// <summary>What people note of a token.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.NotesOfToken")]
public sealed record NotesOfToken
{
    /// <summary>What it is for.</summary>
    [Id(0)] public string? Description { get; init; }

    /// <summary>By which it is found again: at most 16, of 64 characters each.</summary>
    [Id(1)] public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Whom to ask about it.</summary>
    [Id(2)] public string? Contact { get; init; }

    /// <summary>As the machine has them.</summary>
    public static NotesOfToken From(TokenNotes notes) =>
        new() { Description = notes.Description, Labels = notes.Labels, Contact = notes.Contact };

    /// <summary>As the machine takes them.</summary>
    public TokenNotes ToNotes() => new(Description, Labels, Contact);
}

/// <summary>How often a token is accepted; what is null is not limited.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.LimitsOfToken")]
public sealed record LimitsOfToken
{
    /// <summary>How often in all.</summary>
    [Id(0)] public long? Uses { get; init; }

    /// <summary>How often still. Not asked of a command; of a list it may be less than there is, by a block.</summary>
    [Id(1)] public long? UsesLeft { get; init; }

    /// <summary>How often a second, in each gateway process.</summary>
    [Id(2)] public int? PerSecond { get; init; }

    /// <summary>How often at once; null: twice as often as a second.</summary>
    [Id(3)] public int? Burst { get; init; }

    /// <summary>As the machine has them; null where there are none.</summary>
    public static LimitsOfToken? From(TokenLimits limits, long usesLeft) => limits.IsNone
        ? null
        : new()
        {
            Uses = limits.Uses, UsesLeft = limits.Uses is null
                ? null
                : Math.Max(0, usesLeft), PerSecond = limits.PerSecond,
            Burst = limits.Burst,
        };

    /// <summary>As the machine takes them.</summary>
    public TokenLimits ToLimits() =>
        this is { Uses: null, PerSecond: null, Burst: null } ? TokenLimits.None : new(Uses, PerSecond, Burst);
}

/// <summary>Makes a new token; the grain's key is its id.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IssueToken")]
public sealed record IssueToken
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Name of a <see cref="TokenProfile"/>.</summary>
    [Id(1)] public required string Profile { get; init; }

    /// <summary>The organization that the token belongs to.</summary>
    [Id(2)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The member behind the token.</summary>
    [Id(3)] public required MemberId MemberId { get; init; }

    /// <summary>Id of an integration that the token opens; null where it opens its organization.</summary>
    [Id(4)] public string? IntegrationId { get; init; }

    /// <summary>A slug, unique in the organization. Null: the token's id.</summary>
    [Id(5)] public string? Name { get; init; }

    /// <summary>Null: the name.</summary>
    [Id(6)] public string? FullName { get; init; }

    /// <summary>Go-style duration within the profile's bounds. Null: the profile's default.</summary>
    [Id(7)] public string? Ttl { get; init; }

    /// <summary>Role names, resolved whenever the token is used; empty for a token with a grant of its own.</summary>
    [Id(8)] public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>Permission set of a token with a grant of its own.</summary>
    [Id(9)] public string? PermissionSet { get; init; }

    /// <summary>Resources of a token with a grant of its own. Must lie within the caller's.</summary>
    [Id(10)] public Resources? Resources { get; init; }

    /// <summary>Free-form claims, a JSON object.</summary>
    [Id(11)] public string? Claims { get; init; }

    /// <summary>Narrower than the profile's longest ttl, where the member's kind demands it.</summary>
    [Id(12)] public TimeSpan? LongestTtl { get; init; }

    /// <summary>The first pair.</summary>
    [Id(13)] public required MintedSecrets Secrets { get; init; }

    /// <summary>
    /// Actions of a token with a grant of its own that is no permission set; see <see cref="ActionTable"/>.
    /// </summary>
    [Id(14)] public ImmutableArray<string>? Actions { get; init; }

    /// <summary>
    /// A principal that only a facade's clients know, which the token opens instead of its organization.
    /// </summary>
    [Id(15)] public string? Principal { get; init; }

    /// <summary>
    /// It stays valid when its member, or the token that it was made with, is disabled or deleted, and may do what it
    /// says whatever its member may. Only for profiles of facades, and for default tokens.
    /// </summary>
    [Id(16)] public bool Independent { get; init; }

    /// <summary>Made disabled.</summary>
    [Id(17)] public bool Disabled { get; init; }

    /// <summary>The first secret version; null: 1.</summary>
    [Id(18)] public long? SecretVersion { get; init; }

    /// <summary>The very end of its life, instead of <see cref="Ttl"/>. May lie in the past.</summary>
    [Id(19)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The account that it hangs on, and dies with.</summary>
    [Id(20)] public Guid? AccountId { get; init; }

    /// <summary>Null: none.</summary>
    [Id(21)] public NotesOfToken? Notes { get; init; }

    /// <summary>
    /// The ranges of addresses from which it is accepted. Must lie within the caller's. Null: those of the caller.
    /// </summary>
    [Id(22)] public ImmutableArray<string>? Addresses { get; init; }

    /// <summary>Null: none.</summary>
    [Id(23)] public LimitsOfToken? Limits { get; init; }

    /// <inheritdoc cref="TokenBelonging"/>
    [Id(24)] public TokenBelonging BelongsTo { get; init; }
}

/// <summary>Refreshes a token with one of its refresh secrets.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RefreshToken")]
public sealed record RefreshToken
{
    /// <summary>Command id and origin; the caller is the token itself.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Fingerprint of the presented refresh secret.</summary>
    [Id(1)] public required SecretFingerprint Presented { get; init; }

    /// <summary>The next primary.</summary>
    [Id(2)] public required MintedSecrets Secrets { get; init; }

    /// <summary>The next primary's secrets, sealed under the presented secret; see <c>SecretMint</c>.</summary>
    [Id(3)] public required byte[] Sealed { get; init; }

    /// <summary>
    /// The name under which the token was called; where it has another, the secret is refused as of the wrong kind.
    /// Null: it was called by its id.
    /// </summary>
    [Id(4)] public string? Name { get; init; }

    /// <inheritdoc cref="VerifyToken.Address"/>
    [Id(5)] public IPAddress? Address { get; init; }
}

/// <summary>A command that mints a new primary: rotate, reset or replace.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RenewToken")]
public sealed record RenewToken
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>The new primary.</summary>
    [Id(1)] public required MintedSecrets Secrets { get; init; }

    /// <summary>Until when the former primary is accepted (rotate, replace). Null: see the command.</summary>
    [Id(2)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Refused as not found where the token is not this owner's. Null: not asked.</summary>
    [Id(3)] public string? OwnerId { get; init; }

    /// <summary>Of a rotation: an administrator refreshes for the holder. An imported key has nothing to
    /// refresh.</summary>
    [Id(4)] public bool IsRefresh { get; init; }

    /// <summary>
    /// Of a rotation: when the primary was minted that it supersedes; refused as changed meanwhile where that is
    /// another. Null: not asked. Silos of before do not ask.
    /// </summary>
    [Id(5)] public DateTimeOffset? MintedAt { get; init; }
}

/// <summary>A command without parameters: remove the secondary, enable, disable, delete.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ChangeToken")]
public sealed record ChangeToken
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }
}

/// <summary>Sets a new life, counted from now.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.SetTokenLife")]
public sealed record SetTokenLife
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Go-style duration within the profile's bounds.</summary>
    [Id(1)] public required string Life { get; init; }

    /// <summary>Only this life lasts so long: the next renewal goes by the ttl that the token has.</summary>
    [Id(2)] public bool KeepsTtl { get; init; }
}

/// <summary>Moves the secondary's deadline, also into the past.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MoveTokenDeadline")]
public sealed record MoveTokenDeadline
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>From then on the secondary is not accepted.</summary>
    [Id(1)] public required DateTimeOffset Deadline { get; init; }
}

/// <summary>Changes names; what is null stays.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.DescribeToken")]
public sealed record DescribeToken
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>A slug, unique in the organization.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>Display name.</summary>
    [Id(2)] public string? FullName { get; init; }
}

/// <summary>Changes several things as one; what is null stays.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.EditToken")]
public sealed record EditToken
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Display name.</summary>
    [Id(1)] public string? FullName { get; init; }

    /// <summary>Free-form claims, a JSON object.</summary>
    [Id(2)] public string? Claims { get; init; }

    /// <summary>Role names instead of the present grant. Must lie within the caller's.</summary>
    [Id(3)] public ImmutableArray<string>? Roles { get; init; }

    /// <summary>
    /// Actions instead of the present grant, with <see cref="Resources"/>. Must lie within the caller's.
    /// </summary>
    [Id(4)] public ImmutableArray<string>? Actions { get; init; }

    /// <summary>Resources of <see cref="Actions"/>.</summary>
    [Id(5)] public Resources? Resources { get; init; }

    /// <summary>Go-style duration or <c>forever</c>, counted from now.</summary>
    [Id(6)] public string? Life { get; init; }

    /// <summary>Enables or disables it.</summary>
    [Id(7)] public bool? Enabled { get; init; }

    /// <summary>Above the present one it replaces the primary. Refused below it.</summary>
    [Id(8)] public long? SecretVersion { get; init; }

    /// <summary>Until when the former primary is accepted: the one replaced now, else the present secondary.</summary>
    [Id(9)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>Refused where the token is at another version. Null: not asked.</summary>
    [Id(10)] public long? ExpectedVersion { get; init; }

    /// <summary>The next primary, used only where the secret version is raised.</summary>
    [Id(11)] public required MintedSecrets Secrets { get; init; }

    /// <summary>All of them, in place of the present ones.</summary>
    [Id(12)] public NotesOfToken? Notes { get; init; }

    /// <summary>
    /// The ranges of addresses from which it is accepted; none for anywhere. Must lie within the caller's, and within
    /// those of the token that it was made with.
    /// </summary>
    [Id(13)] public ImmutableArray<string>? Addresses { get; init; }

    /// <summary>All of them, in place of the present ones. A token that asks for itself gives itself no more.</summary>
    [Id(14)] public LimitsOfToken? Limits { get; init; }
}

/// <summary>Revokes by a presented secret.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RevokeToken")]
public sealed record RevokeToken
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Fingerprint of the secret to revoke.</summary>
    [Id(1)] public required SecretFingerprint Presented { get; init; }

    /// <summary>
    /// Found where it should not be: it is noted as such, and revoked whatever the caller may do, since whoever found
    /// it could. Only a caller of the token's organization, or none: the report is then a partner's of the operator.
    /// </summary>
    [Id(2)] public bool Leaked { get; init; }
}
