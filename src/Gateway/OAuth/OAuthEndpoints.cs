using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.OAuth;

/// <summary>Token introspection (RFC 7662) and revocation (RFC 7009), authorised by an organization's token as bearer.</summary>
internal static class OAuthEndpoints
{
    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        var oauth = routes.MapGroup("/oauth2").WithTags("oauth2");
        oauth.MapPost("/introspect", Introspect).WithName("oauth2_introspect");
        oauth.MapPost("/revoke", Revoke).WithName("oauth2_revoke");
    }

    /// <summary>Inactive is all that is said of a token that is unknown, dead, disabled or another organization's.</summary>
    private static async Task<Results<JsonOk<Introspection>, Refusal>> Introspect(ApiRequest request, Authenticator authenticator, TokenGrains tokens)
    {
        request.Http.Response.Headers.CacheControl = "no-store";
        var authentication = await authenticator.Authenticate(request, limited: false);
        if (!authentication.IsAdmitted)
        {
            return OAuthError.Of(authentication);
        }

        if (!authentication.Bearer.May("tokens:get"))
        {
            return OAuthError.InsufficientScope("tokens:get");
        }

        var form = await OAuthForm.Read(request.Http);
        if (!form.IsSuccess)
        {
            return form.Refusal;
        }

        if (!SecretFormat.TryParse(form.Value, out var id))
        {
            return Introspection.Inactive;
        }

        var query = new VerifyToken { Presented = new Secret(form.Value).Fingerprint(), RefreshToo = true };
        return await tokens.Verify(id, query) is { Refusal: null, Token: { } token, Presented: { } presented } verification
            && token.OrganizationId == authentication.Bearer.OrganizationId
                ? new JsonOk<Introspection>(Introspection.From(token, presented, verification.ExpiresAt), OAuthJson.Wire.Introspection)
                : Introspection.Inactive;
    }

    /// <summary>A token may always revoke itself. An unknown token is as good as revoked.</summary>
    private static async Task<Results<Ok, Refusal>> Revoke(ApiRequest request, Authenticator authenticator, TokenGrains tokens)
    {
        request.Http.Response.Headers.CacheControl = "no-store";
        var authentication = await authenticator.Authenticate(request, limited: true);
        if (!authentication.IsAdmitted)
        {
            return OAuthError.Of(authentication);
        }

        var form = await OAuthForm.Read(request.Http);
        if (!form.IsSuccess)
        {
            return form.Refusal;
        }

        var bearer = authentication.Bearer;
        var known = SecretFormat.TryParse(form.Value, out var id);
        if (!(known && id == bearer.Caller.TokenId) && !bearer.May("tokens:delete"))
        {
            return OAuthError.InsufficientScope("tokens:delete");
        }

        if (!known)
        {
            return TypedResults.Ok();
        }

        var command = new RevokeToken { Context = request.NewCommand(), Presented = new Secret(form.Value).Fingerprint() };
        var answer = await request.Command(() => tokens[id].Revoke(command));
        return answer.Refusal == TokenRefusal.BeyondGrant ? OAuthError.InsufficientScope("what the token itself has") : TypedResults.Ok();
    }
}

/// <summary>The form of both endpoints: exactly one <c>token</c>, in the body. The hint is not needed, since a secret names its record.</summary>
internal static class OAuthForm
{
    public static async ValueTask<Outcome<string>> Read(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            return http.Request.ContentLength is null or 0
                ? OAuthError.InvalidRequest("the parameter token is missing")
                : OAuthError.Answer(StatusCodes.Status415UnsupportedMediaType, "invalid_request", "the body must be form-encoded");
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return OAuthError.InvalidRequest("the form cannot be read");
        }

        return form["token"] is [{ Length: > 0 } token] ? token : OAuthError.InvalidRequest("the parameter token must be given once");
    }
}

/// <summary>Errors as in RFC 6749 5.2 and RFC 6750 3.</summary>
internal sealed record OAuthError(string Error, string? ErrorDescription)
{
    public static Refusal Of(Authentication authentication) => authentication.Failure switch
    {
        AuthenticationFailure.Unauthorized => Answer(
            StatusCodes.Status401Unauthorized, "invalid_token", "the bearer is missing, unknown or no longer valid", "Bearer error=\"invalid_token\""),
        AuthenticationFailure.OrganizationDisabled => Answer(
            StatusCodes.Status402PaymentRequired, "access_denied", "the organization is disabled"),
        _ => Answer(
            StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "too many requests", retryAfter: authentication.Wait),
    };

    public static Refusal InsufficientScope(string needed) => Answer(
        StatusCodes.Status403Forbidden, "insufficient_scope", $"the bearer lacks {needed}", "Bearer error=\"insufficient_scope\"");

    public static Refusal InvalidRequest(string description) => Answer(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static Refusal Answer(int status, string error, string description, string? challenge = null, TimeSpan? retryAfter = null) =>
        new JsonRefusal<OAuthError>(status, _ => new OAuthError(error, description), OAuthJson.Wire.OAuthError)
        {
            Challenge = challenge, RetryAfter = retryAfter,
        };
}

/// <summary>The answer of introspection; absent members are left out, so that an inactive token is exactly <c>{"active":false}</c>.</summary>
internal sealed record Introspection
{
    public static readonly JsonOk<Introspection> Inactive = new(new Introspection { Active = false }, OAuthJson.Wire.Introspection);

    public required bool Active { get; init; }

    /// <summary>Permission set, or role names or actions, separated by spaces.</summary>
    public string? Scope { get; init; }

    public string? TokenType { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Exp { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Iat { get; init; }

    /// <summary>The member behind the token.</summary>
    public string? Sub { get; init; }

    /// <summary>The token's id.</summary>
    public string? Jti { get; init; }

    /// <summary><c>access</c> or <c>refresh</c>: which half was presented.</summary>
    public string? TokenUse { get; init; }

    /// <summary><c>primary</c> or <c>secondary</c>: a client that still shows the secondary should take up the new pair.</summary>
    public string? Slot { get; init; }

    /// <summary>What kind of token it is, e.g. <c>mcp</c>.</summary>
    public string? Profile { get; init; }

    public string? OrganizationId { get; init; }

    public PermissionWire? Permissions { get; init; }

    public JsonObject? Claims { get; init; }

    /// <param name="token">the token</param>
    /// <param name="presented">which of its secrets was presented</param>
    /// <param name="expiresAt">when that secret ends</param>
    public static Introspection From(TokenView token, PresentedKind presented, DateTimeOffset expiresAt)
    {
        var primary = presented is PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh;
        var access = presented is PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess;
        return new()
        {
            Active = true,
            Scope = token.PermissionSet ?? string.Join(' ', token.Actions ?? token.Roles),
            TokenType = access ? "Bearer" : null,
            Exp = expiresAt.ToUnixTimeSeconds(),
            Iat = (primary ? token.Primary : token.Secondary ?? token.Primary).MintedAt.ToUnixTimeSeconds(),
            Sub = token.MemberId.ToString(),
            Jti = token.Id.ToString(),
            TokenUse = access ? "access" : "refresh",
            Slot = primary ? "primary" : "secondary",
            Profile = token.Profile,
            OrganizationId = token.OrganizationId.ToString(),
            Permissions = PermissionWire.From(token),
            Claims = token.Claims is { } claims ? JsonNode.Parse(claims) as JsonObject : null,
        };
    }
}
