using System.Text.Json.Serialization;
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
        oauth.MapPost("/introspect", Introspect).WithName("oauth2_introspect").Produces<Introspection>();
        oauth.MapPost("/revoke", Revoke).WithName("oauth2_revoke").Produces(StatusCodes.Status200OK);
    }

    /// <summary>Inactive is all that is said of a token that is unknown, dead, disabled or another organization's.</summary>
    private static async Task<IResult> Introspect(HttpContext http, Authenticator authenticator, TokenGrains tokens)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (bearer, failure, wait) = await authenticator.Authenticate(http, limited: false);
        if (failure != AuthenticationFailure.None)
        {
            return OAuthError.From(http, failure, wait);
        }

        if (!bearer!.May("tokens:get"))
        {
            return OAuthError.InsufficientScope(http, "tokens:get");
        }

        var (token, error) = await OAuthForm.Token(http);
        if (error is not null)
        {
            return error;
        }

        if (!SecretFormat.TryParse(token, out var id))
        {
            return Introspection.Inactive;
        }

        var query = new VerifyToken { Presented = new Secret(token!).Fingerprint(), RefreshToo = true };
        var verification = await tokens.Verify(id, query);
        return verification.Refusal is null && verification.Caller!.OrganizationId == bearer.OrganizationId
            ? new BufferedJsonResult<Introspection>(Introspection.From(verification), OAuthJson.Wire.Introspection)
            : Introspection.Inactive;
    }

    /// <summary>A token may always revoke itself. An unknown token is as good as revoked.</summary>
    private static async Task<IResult> Revoke(HttpContext http, Authenticator authenticator, TokenGrains tokens)
    {
        http.Response.Headers.CacheControl = "no-store";
        var (bearer, failure, wait) = await authenticator.Authenticate(http, limited: true);
        if (failure != AuthenticationFailure.None)
        {
            return OAuthError.From(http, failure, wait);
        }

        var (token, error) = await OAuthForm.Token(http);
        if (error is not null)
        {
            return error;
        }

        var known = SecretFormat.TryParse(token, out var id);
        if (!(known && id == bearer!.Caller.TokenId) && !bearer!.May("tokens:delete"))
        {
            return OAuthError.InsufficientScope(http, "tokens:delete");
        }

        if (!known)
        {
            return TypedResults.Ok();
        }

        var command = new RevokeToken { Context = http.NewCommand(), Presented = new Secret(token!).Fingerprint() };
        var answer = await http.Command(() => tokens[id].Revoke(command));
        return answer.Refusal == TokenRefusal.BeyondGrant ? OAuthError.InsufficientScope(http, "what the token itself has") : TypedResults.Ok();
    }
}

/// <summary>The form of both endpoints: exactly one <c>token</c>, in the body. The hint is not needed, since a secret names its record.</summary>
internal static class OAuthForm
{
    public static async ValueTask<(string? Token, IResult? Error)> Token(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            return http.Request.ContentLength is null or 0
                ? (null, OAuthError.InvalidRequest(http, "the parameter token is missing"))
                : (null, OAuthError.Answer(http, StatusCodes.Status415UnsupportedMediaType, "invalid_request", "the body must be form-encoded"));
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (null, OAuthError.InvalidRequest(http, "the form cannot be read"));
        }

        return form["token"] is [{ Length: > 0 } token]
            ? (token, null)
            : (null, OAuthError.InvalidRequest(http, "the parameter token must be given once"));
    }
}

/// <summary>Errors as in RFC 6749 5.2 and RFC 6750 3.</summary>
internal sealed record OAuthError(string Error, string? ErrorDescription)
{
    public static IResult From(HttpContext http, AuthenticationFailure failure, TimeSpan wait)
    {
        switch (failure)
        {
            case AuthenticationFailure.Unauthorized:
                http.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
                return Answer(http, StatusCodes.Status401Unauthorized, "invalid_token", "the bearer is missing, unknown or no longer valid");
            case AuthenticationFailure.OrganizationDisabled:
                return Answer(http, StatusCodes.Status402PaymentRequired, "access_denied", "the organization is disabled");
            case AuthenticationFailure.TooManyFailures or AuthenticationFailure.TooManyRequests:
                http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
                return Answer(http, StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "too many requests");
            default:
                throw new ArgumentOutOfRangeException(nameof(failure), failure, null);
        }
    }

    public static IResult InsufficientScope(HttpContext http, string needed)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        return Answer(http, StatusCodes.Status403Forbidden, "insufficient_scope", $"the bearer lacks {needed}");
    }

    public static IResult InvalidRequest(HttpContext http, string description) =>
        Answer(http, StatusCodes.Status400BadRequest, "invalid_request", description);

    public static IResult Answer(HttpContext http, int status, string error, string description)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(new OAuthError(error, description), OAuthJson.Wire.OAuthError, "application/json", status);
    }
}

/// <summary>The answer of introspection; absent members are left out, so that an inactive token is exactly <c>{"active":false}</c>.</summary>
internal sealed record Introspection
{
    public static readonly IResult Inactive = new BufferedJsonResult<Introspection>(new Introspection { Active = false }, OAuthJson.Wire.Introspection);

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

    public System.Text.Json.Nodes.JsonObject? Claims { get; init; }

    public static Introspection From(Verification verification)
    {
        var token = verification.Token!;
        var primary = verification.Presented is PresentedKind.PrimaryAccess or PresentedKind.PrimaryRefresh;
        var access = verification.Presented is PresentedKind.PrimaryAccess or PresentedKind.SecondaryAccess;
        return new()
        {
            Active = true,
            Scope = token.PermissionSet ?? string.Join(' ', token.Actions ?? token.Roles),
            TokenType = access ? "Bearer" : null,
            Exp = verification.ExpiresAt.ToUnixTimeSeconds(),
            Iat = (primary ? token.Primary : token.Secondary ?? token.Primary).MintedAt.ToUnixTimeSeconds(),
            Sub = token.MemberId.ToString(),
            Jti = token.Id.ToString(),
            TokenUse = access ? "access" : "refresh",
            Slot = primary ? "primary" : "secondary",
            Profile = token.Profile,
            OrganizationId = token.OrganizationId.ToString(),
            Permissions = PermissionWire.From(token),
            Claims = token.Claims is { } claims ? System.Text.Json.Nodes.JsonNode.Parse(claims) as System.Text.Json.Nodes.JsonObject : null,
        };
    }
}
