using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// Token introspection (RFC 7662) and revocation (RFC 7009), authorised by an organization's token as bearer.
/// </summary>
internal static class OAuthEndpoints
{
    public static void MapOAuth(this IEndpointRouteBuilder routes)
    {
        var oauth = routes.MapGroup("/oauth2").WithTags("oauth2")
            .Fails<OAuthError, RouteGroupBuilder>(400, 401, 402, 403, 415, 429, 503);
        oauth.MapPost("/introspect", Introspect).WithName("oauth2_introspect");
        oauth.MapPost("/revoke", Revoke).WithName("oauth2_revoke");
        oauth.MapSelfRevocation();
    }

    private static async Task<Results<IntrospectionOk, Refusal>> Introspect(
        ApiRequest request, ClientAuthentication clients, Introspector introspector)
    {
        var form = await OAuthForm.Read(request.Http);
        var bearer = await clients.Authenticate(request, form.Value, limited: false);
        if (!bearer.IsSuccess)
        {
            return bearer.Refusal;
        }

        if (!bearer.Value.May("tokens:get"))
        {
            return OAuthError.InsufficientScope("tokens:get");
        }

        if (!form.IsSuccess)
        {
            return form.Refusal;
        }

        if (form.Value.Client is { IsReadable: false })
        {
            return OAuthError.InvalidRequest("the parameter client_ip must be an IP address, given once");
        }

        var (said, wait) = await introspector.Of(
            bearer.Value, form.Value.Token, form.Value.Named, form.Value.IsRefreshToken, form.Value.Client?.Address);
        return wait is { } pause
            ? OAuthError.TooManyRequests(pause)
            : new IntrospectionOk(said);
    }

    /// <summary>
    /// Whoever possesses a secret may revoke its token, of every kind: as bearer and as token alike. An unknown token
    /// is as good as revoked.
    /// </summary>
    private static async Task<Results<Ok, Refusal>> Revoke(
        ApiRequest request, ClientAuthentication clients, RateLimits limits, TokenGrains tokens, ImportedKeys imported)
    {
        var form = await OAuthForm.Read(request.Http);
        if (form.IsSuccess && ClientAuthentication.Presented(request, form.Value) is var (secret, own)
            && form.Value.Token == secret.Reveal())
        {
            return await RevokeSelf(request, limits, tokens, secret, own);
        }

        var bearer = await clients.Authenticate(request, form.Value, limited: true);
        if (!bearer.IsSuccess)
        {
            return bearer.Refusal;
        }

        if (!form.IsSuccess)
        {
            return form.Refusal;
        }

        if (form.Value.Named != bearer.Value.Caller.TokenId && !bearer.Value.May("tokens:delete"))
        {
            return OAuthError.InsufficientScope("tokens:delete");
        }

        var named = form.Value.Named
            ?? await imported.Find(bearer.Value.OrganizationId, form.Value.Token, request.Aborted);
        if (named is not { } id)
        {
            return TypedResults.Ok();
        }

        var command = new RevokeToken { Context = request.NewCommand(), Presented = new Secret(form.Value.Token).Fingerprint() };
        var answer = await request.Command(() => tokens[id].Revoke(command));
        return answer.Refusal == TokenRefusal.BeyondGrant
            ? OAuthError.InsufficientScope("what the token itself has")
            : TypedResults.Ok();
    }

    /// <summary>
    /// The bearer is the token. What is no secret of a living token counts as a failed authentication of its address.
    /// </summary>
    private static async Task<Results<Ok, Refusal>> RevokeSelf(
        ApiRequest request, RateLimits limits, TokenGrains tokens, Secret secret, TokenId id)
    {
        var address = request.Address;
        if (limits.TooManyFailures(address) is { } wait)
        {
            return OAuthError.TooManyRequests(wait);
        }

        var query = new VerifyToken
        {
            Presented = secret.Fingerprint(), RefreshToo = true, PasswordChangeToo = true, FromAnywhere = true, Uncounted = true,
            Address = address, Client = request.Client, KnowsLimits = true,
        };
        var verification = await tokens.Verify(id, query);
        if (verification is not ({ Refusal: null, Caller: not null } or { Refusal: TokenRefusal.UsedUp }))
        {
            limits.NoteFailure(address);
            return verification.Refusal == TokenRefusal.OrganizationDisabled
                ? OAuthError.Answer(
                    StatusCodes.Status402PaymentRequired, "access_denied", "the organization is disabled")
                : OAuthError.InvalidToken();
        }

        // Of one that is used up nothing is accepted, and so there is no caller: its grain asks for the secret alone.
        var command = new RevokeToken { Context = request.NewCommand() with { Caller = verification.Caller }, Presented = secret.Fingerprint() };
        await request.Command(() => tokens[id].Revoke(command));
        return TypedResults.Ok();
    }
}

/// <summary>
/// The form of both endpoints: exactly one <c>token</c>, in the body. Blanks around it are no part of a secret: what a
/// shell or an editor adds at its end must not make a revocation find nothing.
/// </summary>
/// <param name="Token">the secret</param>
/// <param name="Named">the token that the secret names; null where it has not the form of one of ours</param>
/// <param name="IsRefreshToken">the hint says that it may be a refresh secret (RFC 7662 2.1)</param>
/// <param name="ClientId">of <c>client_secret_post</c>; any will do</param>
/// <param name="ClientSecret">of <c>client_secret_post</c></param>
/// <param name="Client">from where the secret was presented to the resource server; null where it does not say</param>
internal sealed record OAuthForm(
    string Token, TokenId? Named, bool IsRefreshToken, string? ClientId, string? ClientSecret, ClientAddress? Client)
{
    public static async ValueTask<Outcome<OAuthForm>> Read(HttpContext http)
    {
        if (RequestBody.IsEncoded(http.Request))
        {
            return OAuthError.Answer(
                StatusCodes.Status415UnsupportedMediaType, "invalid_request", "a body is read as it is");
        }

        if (!http.Request.HasFormContentType)
        {
            return http.Request.ContentLength is null or 0
                ? OAuthError.InvalidRequest("the parameter token is missing")
                : OAuthError.Answer(
                    StatusCodes.Status415UnsupportedMediaType, "invalid_request", "the body must be form-encoded");
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

        // RFC 6749 3.2: no parameter is given twice.
        if (form.Any(parameter => parameter.Value.Count > 1))
        {
            return OAuthError.InvalidRequest("no parameter may be given more than once");
        }

        if (form["token"] is not [{ } given] || given.Trim() is not { Length: > 0 } token)
        {
            return OAuthError.InvalidRequest("the parameter token is missing");
        }

        // What a client added to a secret must not make a revocation find nothing.
        TokenId? named = SecretFormat.TryParse(token, out var id) ? id : null;
        return named is not null || !SecretScan.Holds(token)
            ? new OAuthForm(
                token, named, form["token_type_hint"] is ["refresh_token"], form["client_id"], form["client_secret"],
                ClientAddress.Of(form["client_ip"]))
            : OAuthError.InvalidRequest("the parameter token holds more than a token");
    }
}

/// <summary>Errors as in RFC 6749 5.2 and RFC 6750 3.</summary>
internal sealed record OAuthError(string Error, string? ErrorDescription)
{
    public static Refusal Of(Authentication authentication) => authentication.Failure switch
    {
        AuthenticationFailure.Unauthorized => InvalidToken(),
        AuthenticationFailure.OrganizationDisabled => Answer(
            StatusCodes.Status402PaymentRequired, "access_denied", "the organization is disabled"),
        AuthenticationFailure.OutsideAddresses => Answer(
            StatusCodes.Status403Forbidden, "access_denied", "the token may not be used from this address"),
        _ => TooManyRequests(authentication.Wait),
    };

    /// <summary>A client that authenticated as such, and whose secret is no bearer that lives.</summary>
    public static Refusal InvalidClient() => Answer(
        StatusCodes.Status401Unauthorized, "invalid_client", "the client secret is unknown or no longer valid", "Basic realm=\"tokenactors\"");

    public static Refusal InvalidToken() => Answer(
        StatusCodes.Status401Unauthorized, "invalid_token", "the bearer is missing, unknown or no longer valid", "Bearer error=\"invalid_token\"");

    public static Refusal TooManyRequests(TimeSpan wait) => Answer(
        StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "too many requests", retryAfter: wait);

    public static Refusal InsufficientScope(string needed) => Answer(
        StatusCodes.Status403Forbidden, "insufficient_scope", $"the bearer lacks {needed}", "Bearer error=\"insufficient_scope\"");

    public static Refusal InvalidRequest(string description) =>
        Answer(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static Refusal Answer(
        int status, string error, string description, string? challenge = null, TimeSpan? retryAfter = null) =>
        new JsonRefusal<OAuthError>(status, _ => new OAuthError(error, description), OAuthJson.Wire.OAuthError)
        {
            Challenge = challenge, RetryAfter = retryAfter,
        };
}
