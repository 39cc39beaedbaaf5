using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// The answer of introspection; absent members are left out, so that an inactive token is exactly
/// <c>{"active":false}</c>.
/// </summary>
internal sealed class Introspection
{
    public static readonly Introspection Inactive = new() { Active = false };

    private byte[]? _utf8;

    /// <summary>The answer as it is sent, made once.</summary>
    [JsonIgnore]
    public byte[] Utf8 => _utf8 ??= JsonSerializer.SerializeToUtf8Bytes(this, OAuthJson.Wire.Introspection);

    public required bool Active { get; init; }

    /// <summary>The issuer, where the operator said what it is called.</summary>
    public string? Iss { get; init; }

    /// <summary>Permission set, or role names or actions, separated by spaces.</summary>
    public string? Scope { get; init; }

    public string? TokenType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Exp { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Iat { get; init; }

    /// <summary>When the secret was minted; it was accepted from then on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Nbf { get; init; }

    /// <summary>The integration that the token opens; absent for tokens that open an organization.</summary>
    public string? ClientId { get; init; }

    /// <summary>The name of the member behind the token.</summary>
    public string? Username { get; init; }

    /// <summary>The member behind the token.</summary>
    public string? Sub { get; init; }

    /// <summary>The token's id.</summary>
    public string? Jti { get; init; }

    /// <summary><c>access</c> or <c>refresh</c>: which half was presented.</summary>
    public string? TokenUse { get; init; }

    /// <summary>
    /// <c>primary</c> or <c>secondary</c>: a client that still shows the secondary should take up the new pair.
    /// </summary>
    public string? Slot { get; init; }

    /// <summary>What kind of token it is, e.g. <c>mcp</c>.</summary>
    public string? Profile { get; init; }

    public string? OrganizationId { get; init; }

    /// <summary>
    /// False where each use of the token is counted: the answer holds for the one request that it was asked for.
    /// </summary>
    public bool? Cache { get; init; }

    /// <summary>The MCP server that the token is for.</summary>
    public string? Aud { get; init; }

    public PermissionWire? Permissions { get; init; }

    public JsonObject? Claims { get; init; }

    /// <param name="token">the token</param>
    /// <param name="presented">which of its secrets was presented</param>
    /// <param name="verification">what its grain said of the secret</param>
    /// <param name="issuer">what the issuer is called; null where the operator did not say</param>
    /// <param name="profile">what kind of token it is</param>
    public static Introspection From(
        TokenView token, PresentedKind presented, Verification verification, string? issuer, string profile)
    {
        var primary = presented is PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh;
        var access = presented is PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess;
        var minted = (primary ? token.Primary : token.Secondary ?? token.Primary).MintedAt.ToUnixTimeSeconds();
        var claims = ClaimsOf(token);
        return new()
        {
            Active = true,
            Iss = issuer,
            Scope = token.PermissionSet ?? string.Join(' ', token.Actions ?? token.Roles),
            TokenType = access ? "Bearer" : null,
            Exp = verification.ExpiresAt.ToUnixTimeSeconds(),
            Iat = minted,
            Nbf = minted,
            ClientId = token.OwnerType == TokenOwnerType.Integration ? token.OwnerId : null,
            Username = verification.MemberName,
            Sub = token.MemberId.ToString(),
            Jti = token.Id.ToString(),
            TokenUse = access ? "access" : "refresh",
            Slot = primary ? "primary" : "secondary",
            Profile = profile,
            OrganizationId = token.OrganizationId.ToString(),
            Cache = token.Limits?.Uses is null ? null : false,
            Permissions = PermissionWire.From(token),
            Aud = token.Profile == TokenProfile.Mcp.Name ? (string?)claims?["resource"] : null,
            Claims = claims,
        };
    }

    /// <summary>An access token's hold the names that its roles had when they were given.</summary>
    private static JsonObject? ClaimsOf(TokenView token)
    {
        var claims = token.Claims is { } json ? JsonNode.Parse(json) as JsonObject : null;
        if (token.Profile == TokenProfile.AccessToken.Name
            && token.RoleReferences.Any(role => RoleReference.IdOf(role) is not null)
            && claims?["launchdarkly"] is JsonObject details && details.ContainsKey("customRoleIds"))
        {
            details["customRoleIds"] = new JsonArray([.. token.Roles.Select(role => JsonValue.Create(role))]);
        }

        return claims;
    }
}

/// <summary>200 with what is said of a token.</summary>
/// <param name="said">the body</param>
internal sealed class IntrospectionOk(Introspection said) : JsonOk<Introspection>(said, OAuthJson.Wire.Introspection)
{
    protected override byte[] Utf8() => Value.Utf8;
}
