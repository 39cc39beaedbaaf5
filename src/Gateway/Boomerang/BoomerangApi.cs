using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Boomerang;

/// <summary>The tokens of Boomerang Flow. A secret is taken from a header only, never from a query.</summary>
internal sealed class BoomerangApi : Facade
{
    public override string Name => "boomerang";

    public override string Title => "Boomerang Flow tokens";

    protected override TokenAudience? Audience => TokenAudience.Boomerang;

    public override bool Owns(PathString path) => path.StartsWithSegments("/api/v2/token");

    /// <summary><c>Authorization: Bearer</c>, or the older <c>x-access-token</c>.</summary>
    public override (Secret Secret, TokenId Id)? Presented(HttpContext http) =>
        http.Request.Headers.Authorization.Count > 0 ? http.PresentedBearer()
        : http.Request.Headers["x-access-token"] is [var text] ? Parse(text)
        : null;

    public override TokenId? IdOf(HttpContext http) => TokenId.TryParse(http.Request.RouteValues["id"] as string, out var id) ? id : null;

    /// <summary>
    /// The codes are Boomerang's where it has one: 1010 to 1012 for what is wrong with a request to create, 403 for a missing permission, which
    /// it answers with status 401. A pointer that is a number is such a code.
    /// </summary>
    public override IResult Error(HttpContext http, ApiError error)
    {
        var (status, code, reason) = error.Kind switch
        {
            ApiErrorKind.Invalid or ApiErrorKind.PatchFailed => (error.Status, 1010, "TOKEN_INVALID_REQ"),
            ApiErrorKind.Unauthorized => (401, 401, "UNAUTHORIZED"),
            ApiErrorKind.OrganizationDisabled => (402, 402, "ORGANIZATION_DISABLED"),
            ApiErrorKind.Forbidden => (401, 403, "PERMISSION_DENIED"),
            ApiErrorKind.NotFound or ApiErrorKind.NoRoute => (404, 404, "NOT_FOUND"),
            ApiErrorKind.MethodNotAllowed => (405, 405, "METHOD_NOT_ALLOWED"),
            ApiErrorKind.Conflict or ApiErrorKind.KeyReused => (409, 409, "CONFLICT"),
            ApiErrorKind.TooManyRequests => (429, 429, "TOO_MANY_REQUESTS"),
            ApiErrorKind.Unavailable => (503, 503, "UNAVAILABLE"),
            ApiErrorKind.Internal => (500, 500, "INTERNAL_ERROR"),
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
        };
        return Error(http, status, code, reason, error.Message);
    }

    public static IResult Error(HttpContext http, int status, int code, string reason, string message)
    {
        http.Response.Headers.CacheControl = "no-store";
        var name = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status).ToUpperInvariant().Replace(' ', '_');
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return TypedResults.Json(
            new BoomerangError { Timestamp = FlowTime.Of(now), Code = code, Reason = reason, Message = message, Status = $"{status} {name}" },
            BoomerangJson.Wire.BoomerangError, "application/json", status);
    }

    /// <summary>Only creates answer with a token, always with 200.</summary>
    public override IResult Show(HttpContext http, TokenView token, Secret? secret, bool created)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(TokenCreateResponse.From(token, secret!), BoomerangJson.Wire.TokenCreateResponse);
    }
}
