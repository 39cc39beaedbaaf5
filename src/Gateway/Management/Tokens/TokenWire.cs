using System.Text.Json.Nodes;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary><c>RefreshToken</c>: the persistent record with its pairs.</summary>
internal sealed record RefreshTokenWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public string? MemberId { get; init; }

    public required string OwnerId { get; init; }

    public required string OwnerType { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required string TokenTtl { get; init; }

    public required string TokenType { get; init; }

    public required TokenPairWire Primary { get; init; }

    public TokenPairWire? Secondary { get; init; }

    /// <param name="view">the token</param>
    /// <param name="minted">the primary's secrets in clear, for the answer of the call that minted them; null shows
    /// them masked</param>
    public static RefreshTokenWire From(TokenView view, SecretPair? minted)
    {
        var permissions = PermissionWire.From(view);
        return new()
        {
            Name = view.Name,
            CreatedAt = view.CreatedAt,
            UpdatedAt = view.UpdatedAt,
            Id = view.Id.ToString(),
            Fullname = view.FullName,
            MemberId = view.MemberId.ToString(),
            OwnerId = view.OwnerId,
            OwnerType = PermissionWire.WordOf(view.OwnerType),
            Expires = view.ExpiresAt,
            TokenTtl = view.Ttl,
            TokenType = TokenProfile.Named(view.Profile).TokenType,
            Primary = TokenPairWire.From(view, view.Primary, minted, permissions),
            Secondary = view.Secondary is { } secondary ? TokenPairWire.From(view, secondary, null, permissions) : null,
        };
    }
}

/// <summary>
/// <c>TokenPair</c>: always both halves. A single token's refresh half is empty and expired with the access half.
/// </summary>
internal sealed record TokenPairWire(TokenWire Access, TokenWire Refresh)
{
    public static TokenPairWire From(TokenView view, PairView pair, SecretPair? minted, PermissionWire permissions)
    {
        var prefix = TokenProfile.Named(view.Profile).Prefix;
        var claims = view.Claims is { } json ? JsonNode.Parse(json) as JsonObject : null;
        return new(
            new TokenWire(Show(minted?.Access, prefix, pair.Access), pair.Access.ExpiresAt, permissions, claims),
            pair.Refresh is { } refresh
                ? new TokenWire(Show(minted?.Refresh, prefix, refresh), refresh.ExpiresAt, permissions, claims)
                : new TokenWire("", pair.Access.ExpiresAt, permissions, claims));
    }

    private static string Show(Secret? minted, string prefix, CredentialView view) =>
        minted?.Reveal() ?? Secret.Mask(prefix, view.LastFour);
}

/// <summary><c>Token</c>: one bearer value.</summary>
internal sealed record TokenWire(string Secret, DateTimeOffset Expires, PermissionWire Permissions, JsonObject? Claims);

/// <summary><c>Permission</c>: the identity and grant carried by a token.</summary>
internal sealed record PermissionWire
{
    public IReadOnlyList<string>? RoleBinding { get; init; }

    public AdhocRoleWire? AdhocRole { get; init; }

    public required string ResourceId { get; init; }

    public required string ResourceType { get; init; }

    public required string ParentId { get; init; }

    public required string Id { get; init; }

    public required string OrganizationId { get; init; }

    public string? RootOrganizationId { get; init; }

    public required string MemberId { get; init; }

    public static PermissionWire From(TokenView view) => new()
    {
        RoleBinding = view.PermissionSet is null ? view.Roles : null,
        AdhocRole = view is { PermissionSet: { } set, Resources: { } resources }
            ? new(ResourcesWire.From(resources), set)
            : null,
        ResourceId = view.OwnerId,
        ResourceType = WordOf(view.OwnerType),
        ParentId = view.ParentId.ToString(),
        Id = view.Id.ToString(),
        OrganizationId = view.OrganizationId.ToString(),
        MemberId = view.MemberId.ToString(),
    };

    public static string WordOf(TokenOwnerType type) => type switch
    {
        TokenOwnerType.Organization => "organization",
        TokenOwnerType.Integration => "integration",
        TokenOwnerType.Principal => "principal",
        TokenOwnerType.Bridge => "bridge",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}

internal sealed record AdhocRoleWire(ResourcesWire Resources, string PermissionSet);
