using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace TokenActors.Client.Tokens;

/// <summary>A token of any kind.</summary>
public sealed record Token
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique among the living tokens of the organization.</summary>
    public required string Name { get; init; }

    /// <summary>Its name for people.</summary>
    public required string FullName { get; init; }

    /// <summary>
    /// <c>default</c>, <c>session</c>, <c>adhoc</c>, <c>integration</c>, <c>mcp</c>, <c>bridge</c>, <c>cloudflare</c>,
    /// <c>launchdarkly</c> or <c>boomerang</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The finer word that bounds go by.</summary>
    public required string Profile { get; init; }

    /// <summary><c>active</c>, <c>disabled</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    /// <summary>What it opens: <c>organization</c>, <c>integration</c>, <c>bridge</c> or <c>principal</c>.</summary>
    public required string OwnerType { get; init; }

    /// <summary>The id of that.</summary>
    public required string OwnerId { get; init; }

    /// <summary>The account that it hangs on.</summary>
    public string? AccountId { get; init; }

    /// <summary>The member behind it.</summary>
    public required string MemberId { get; init; }

    /// <summary>The token that it was made with.</summary>
    public string? ParentId { get; init; }

    /// <summary>What it dies with: <c>parent</c>, <c>member</c> or <c>organization</c>.</summary>
    public string? BelongsTo { get; init; }

    /// <summary>What it may do.</summary>
    public required TokenGrant Grant { get; init; }

    /// <summary>What introspection says of it beyond that.</summary>
    public JsonObject? Claims { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whom to ask about it.</summary>
    public string? Contact { get; init; }

    /// <summary>The ranges of addresses from which it is accepted; null: from anywhere.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>How often it is accepted in all; null: without limit.</summary>
    public long? Uses { get; init; }

    /// <summary>How often it is still accepted; in lists it may be less than there is, by a block of at most
    /// 64.</summary>
    public long? UsesLeft { get; init; }

    /// <summary>How often a second it is accepted.</summary>
    public int? PerSecond { get; init; }

    /// <summary>How often at once.</summary>
    public int? Burst { get; init; }

    /// <summary>How long its access secrets live, such as <c>12h</c>.</summary>
    public required string Life { get; init; }

    /// <summary>It stays valid when its member is disabled or deleted.</summary>
    public bool Independent { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The end of its life; null where it has none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Its last use, up to a minute late.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Where its last use came from.</summary>
    public LastUse? LastUsedFrom { get; init; }

    /// <summary>The pair in use.</summary>
    public required TokenPair Primary { get; init; }

    /// <summary>The former pair, while a secret of it is accepted.</summary>
    public TokenPair? Secondary { get; init; }

    /// <summary>The new secrets, in the answer of the call that made them and nowhere else.</summary>
    public TokenSecrets? Secrets { get; init; }

    /// <summary>The version of what can be changed, for <c>If-Match</c>; null in lists.</summary>
    [JsonIgnore]
    public string? Tag { get; init; }
}

/// <summary>What a token may do: what its roles allow, or what its permission set or its actions allow in its
/// resources.</summary>
/// <param name="Roles">whose rights it has</param>
/// <param name="PermissionSet">such as <c>viewer</c></param>
/// <param name="Actions">the actions, where they are listed</param>
/// <param name="Resources">what it is narrowed to</param>
public sealed record TokenGrant(
    IReadOnlyList<string>? Roles, string? PermissionSet, IReadOnlyList<string>? Actions, Resources? Resources);

/// <summary>What a grant is narrowed to; what is null is not narrowed.</summary>
public sealed record Resources
{
    /// <summary>Accounts.</summary>
    public AccountResources? Accounts { get; init; }

    /// <summary>Integrations.</summary>
    public IntegrationResources? Integrations { get; init; }

    /// <summary>Organizations.</summary>
    public OrganizationResources? Organizations { get; init; }
}

/// <summary>Accounts that a grant is narrowed to.</summary>
/// <param name="Ids">their ids; <c>*</c> is all</param>
/// <param name="Labels">labels that they bear</param>
/// <param name="Environments">environments that they are in</param>
public sealed record AccountResources(
    IReadOnlyList<string> Ids, IReadOnlyList<string>? Labels = null, IReadOnlyList<string>? Environments = null);

/// <summary>Integrations that a grant is narrowed to.</summary>
/// <param name="Categories">of their providers</param>
public sealed record IntegrationResources(IReadOnlyList<string> Categories);

/// <summary>Organizations that a grant is narrowed to.</summary>
/// <param name="Ids">their ids</param>
/// <param name="Labels">labels that they bear</param>
public sealed record OrganizationResources(IReadOnlyList<string> Ids, IReadOnlyList<string>? Labels = null);

/// <summary>Two secrets that were made together.</summary>
/// <param name="MintedAt">when</param>
/// <param name="Access">what opens</param>
/// <param name="Refresh">what renews; null where the kind has none</param>
/// <param name="Deadline">until when the pair is accepted at most</param>
public sealed record TokenPair(DateTimeOffset MintedAt, TokenHalf Access, TokenHalf? Refresh, DateTimeOffset? Deadline);

/// <summary>What can be seen of a secret.</summary>
/// <param name="LastFour">its last four characters</param>
/// <param name="ExpiresAt">its end; null where it has none</param>
public sealed record TokenHalf(string LastFour, DateTimeOffset? ExpiresAt);

/// <summary>New secrets.</summary>
/// <param name="Access">what opens</param>
/// <param name="Refresh">what renews; null where the kind has none</param>
public sealed record TokenSecrets(Secret Access, Secret? Refresh);

/// <summary>A use of a token, as it was noted.</summary>
/// <param name="At">when</param>
/// <param name="Address">the network that it came from</param>
/// <param name="Client">the kind of client, as it calls itself</param>
public sealed record LastUse(DateTimeOffset At, string? Address, string? Client);
