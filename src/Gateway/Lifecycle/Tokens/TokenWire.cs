using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>A token of any kind: everything but secrets and digests.</summary>
internal sealed record LifecycleToken
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string FullName { get; init; }

    /// <summary>
    /// <c>default</c>, <c>session</c>, <c>adhoc</c>, <c>integration</c>, <c>mcp</c>, <c>bridge</c>,
    /// <c>cloudflare</c>, <c>launchdarkly</c> or <c>boomerang</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The profile, by which bounds and halves go; several may be of one kind.</summary>
    public required string Profile { get; init; }

    /// <summary><c>active</c>, <c>disabled</c> or <c>expired</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>organization</c>, <c>integration</c>, <c>bridge</c> or <c>principal</c>.</summary>
    public required string OwnerType { get; init; }

    public required string OwnerId { get; init; }

    /// <summary>The account that it hangs on.</summary>
    public string? AccountId { get; init; }

    public required string MemberId { get; init; }

    /// <summary>The token that it was made with.</summary>
    public string? ParentId { get; init; }

    /// <summary>
    /// What it dies with, beside what it opens: <c>parent</c>, the token that it was made with; <c>member</c> or
    /// <c>organization</c>.
    /// </summary>
    public required string BelongsTo { get; init; }

    /// <summary>In a list of descendants: it dies with the token that they are below.</summary>
    public bool? EndsWithIt { get; init; }

    public required TokenGrantWire Grant { get; init; }

    public JsonObject? Claims { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Whom to ask about it.</summary>
    public string? Contact { get; init; }

    /// <summary>The ranges of addresses from which it is accepted; absent where it is from anywhere.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>How often it is accepted in all; absent where that is not limited.</summary>
    public long? Uses { get; init; }

    /// <summary>How often it is still accepted. In lists it may be less than there is, by a block of at most
    /// 64.</summary>
    public long? UsesLeft { get; init; }

    /// <summary>How often a second it is accepted, in each gateway process; absent where it has no limit of its
    /// own.</summary>
    public int? PerSecond { get; init; }

    /// <summary>How often at once.</summary>
    public int? Burst { get; init; }

    /// <summary>How long its access secrets live.</summary>
    public required string Life { get; init; }

    /// <summary>It stays valid when its member is disabled or deleted.</summary>
    public required bool Independent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The end of its life; absent where it has none.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>
    /// Where its last use came from, as it was noted at the last full minute; absent where it was never used.
    /// </summary>
    public LastUseWire? LastUsedFrom { get; init; }

    public required LifecyclePair Primary { get; init; }

    /// <summary>The former pair, while a secret of it is accepted.</summary>
    public LifecyclePair? Secondary { get; init; }

    /// <summary>The new secrets, in the answer of the call that made them and nowhere else.</summary>
    public LifecycleSecrets? Secrets { get; init; }

    public static LifecycleToken From(TokenView view, DateTimeOffset now, SecretPair? minted = null, TokenLastUse? use = null) => new()
    {
        Id = view.Id.ToString(),
        Name = TokenProfile.Named(view.Profile).IsFacade ? view.FullName : view.Name,
        FullName = view.FullName,
        Kind = TokenKinds.Of(TokenProfile.Named(view.Profile)),
        Profile = view.Profile,
        State = StateOf(view, now),
        OwnerType = PermissionWire.WordOf(view.OwnerType),
        OwnerId = view.OwnerId,
        AccountId = view.AccountId?.ToString(),
        MemberId = view.MemberId.ToString(),
        ParentId = view.ParentId == view.Id ? null : view.ParentId.ToString(),
        BelongsTo = view.BelongsTo.Word(),
        Grant = TokenGrantWire.From(view),
        Claims = view.Claims is { } json ? JsonNode.Parse(json) as JsonObject : null,
        Description = view.Notes?.Description,
        Labels = view.Notes?.Labels ?? [],
        Contact = view.Notes?.Contact,
        Addresses = view.Addresses,
        Uses = view.Limits?.Uses,
        UsesLeft = view.Limits?.UsesLeft,
        PerSecond = view.Limits?.PerSecond,
        Burst = view.Limits?.Burst,
        Life = view.Ttl,
        Independent = view.Independent,
        CreatedAt = view.CreatedAt,
        UpdatedAt = view.UpdatedAt,
        ExpiresAt = EndOf(view.ExpiresAt),
        LastUsedAt = view.LastUsedAt,
        LastUsedFrom = use is null ? null : new(use.At, use.Address, use.Client),
        Primary = LifecyclePair.From(view.Primary, deadline: null),
        Secondary = view.Secondary is { } secondary ? LifecyclePair.From(secondary, view.SecondaryDeadline) : null,
        Secrets = minted is null ? null : new(minted.Access.Reveal(), minted.Refresh?.Reveal()),
    };

    /// <summary>The strong tag of what PATCH can change.</summary>
    public static string TagOf(TokenView view)
    {
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
            TokenChangesWire.From(view), LifecycleTokenJson.Wire.TokenChangesWire));
        return $"\"{Convert.ToHexStringLower(hash.AsSpan(0, 12))}\"";
    }

    public static DateTimeOffset? EndOf(DateTimeOffset end) => end >= Instant.Forever ? null : end;

    private static string StateOf(TokenView view, DateTimeOffset now)
    {
        if (!view.Enabled)
        {
            return "disabled";
        }

        return now >= view.ExpiresAt ? "expired" : "active";
    }
}

/// <summary>What PATCH can change.</summary>
/// <param name="Description">what it is for; null removes it</param>
/// <param name="Labels">at most 16 of 64 characters; null removes them</param>
/// <param name="Contact">whom to ask about it; null removes it</param>
/// <param name="Life">how long its access secrets live; another than it has begins a new life now</param>
/// <param name="Addresses">
/// at most 32 addresses and CIDR ranges from which it is accepted; null for anywhere. They lie within those of the
/// bearer, and within those of the token that it was made with
/// </param>
/// <param name="Uses">how often it is accepted in all, those before included; null for any number</param>
/// <param name="PerSecond">how often a second it is accepted, in each gateway process; null for no limit of its
/// own</param>
/// <param name="Burst">how often at once; null for twice <c>per_second</c></param>
internal sealed record TokenChangesWire(
    string? Description, IReadOnlyList<string>? Labels, string? Contact, string? Life, IReadOnlyList<string>? Addresses,
    long? Uses, int? PerSecond, int? Burst)
{
    public static TokenChangesWire From(TokenView view) => new(
        view.Notes?.Description, view.Notes?.Labels ?? [], view.Notes?.Contact, view.Ttl, view.Addresses,
        view.Limits?.Uses, view.Limits?.PerSecond, view.Limits?.Burst);
}

/// <summary>Both halves of a pair.</summary>
/// <param name="MintedAt">when it was minted</param>
/// <param name="Access">the access half</param>
/// <param name="Refresh">the refresh half, where the kind has one</param>
/// <param name="Deadline">from then on no secret of a former pair is accepted, where one was set</param>
internal sealed record LifecyclePair(
    DateTimeOffset MintedAt, LifecycleHalf Access, LifecycleHalf? Refresh, DateTimeOffset? Deadline)
{
    public static LifecyclePair From(PairView pair, DateTimeOffset? deadline) => new(
        pair.MintedAt, Half(pair.Access), pair.Refresh is { } refresh ? Half(refresh) : null, deadline);

    private static LifecycleHalf Half(CredentialView view) =>
        new(view.LastFour, LifecycleToken.EndOf(view.ExpiresAt));
}

/// <summary>Half a pair.</summary>
/// <param name="LastFour">the last characters of the secret</param>
/// <param name="ExpiresAt">absent where it does not expire by itself</param>
internal sealed record LifecycleHalf(string LastFour, DateTimeOffset? ExpiresAt);

/// <summary>Secrets that were just made. They are shown once.</summary>
internal sealed record LifecycleSecrets(string Access, string? Refresh)
{
    public override string ToString() => "(protected)";
}

/// <summary>Where a token's grant comes from: roles, a permission set, or actions.</summary>
internal sealed record TokenGrantWire(
    IReadOnlyList<string>? Roles, string? PermissionSet, IReadOnlyList<string>? Actions, ResourcesWire? Resources)
{
    public static TokenGrantWire From(TokenView view) => new(
        view.PermissionSet is null && view.Actions is null ? view.Roles : null,
        view.PermissionSet,
        view.Actions,
        view.Resources is { } resources ? ResourcesWire.From(resources) : null);
}

/// <summary>A page of tokens.</summary>
internal sealed record LifecycleTokenPage(IReadOnlyList<LifecycleToken> Items, string? NextCursor);

/// <summary>Whether a token may do something, and why.</summary>
/// <param name="Allowed">it may</param>
/// <param name="Because">
/// <c>clause</c>; or why not: <c>disabled</c>, <c>expired</c>, <c>owner_gone</c>, <c>used_up</c>,
/// <c>outside_addresses</c>, <c>action_missing</c> or <c>resource_not_covered</c>
/// </param>
/// <param name="Clause">the clause of its grant that says so</param>
/// <param name="Action">what was asked</param>
/// <param name="Resource">to what it would be done</param>
internal sealed record CanAnswer(bool Allowed, string Because, ClauseWire? Clause, string Action, string Resource);

/// <summary>A clause of a grant.</summary>
/// <param name="Number">its place, from 0</param>
/// <param name="Actions">what may be done</param>
/// <param name="Resources">to what</param>
/// <param name="Addresses">from where; absent for anywhere</param>
internal sealed record ClauseWire(
    int Number, IReadOnlyList<string> Actions, ResourcesWire Resources, IReadOnlyList<string>? Addresses);
