using Microsoft.AspNetCore.WebUtilities;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
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
    public override (Secret Secret, TokenId Id)? Presented(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count > 0)
        {
            return http.PresentedBearer();
        }

        return http.Request.Headers["x-access-token"] is [var text] ? Parse(text) : null;
    }

    public override TokenId? IdOf(ApiRequest request) => TokenId.TryParse(request.Path("id"), out var id) ? id : null;

    /// <summary>
    /// The codes are Boomerang's where it has one: 1010 to 1012 for what is wrong with a request to create, 403 for a
    /// missing permission, which it answers with status 401. A pointer that is a number is such a code.
    /// </summary>
    public override Refusal Error(ApiError error)
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
        return Error(status, code, reason, error.Message, error);
    }

    public static Refusal Error(int status, int code, string reason, string message, ApiError? error = null)
    {
        var name = ReasonPhrases.GetReasonPhrase(status).ToUpperInvariant().Replace(' ', '_');
        return new JsonRefusal<BoomerangError>(
            status,
            http => new BoomerangError
            {
                Timestamp = FlowTime.Of(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()),
                Code = code,
                Reason = reason,
                Message = message,
                Status = $"{status} {name}",
            },
            BoomerangJson.Wire.BoomerangError)
        {
            RetryAfter = error?.RetryAfter,
            Challenge = status == StatusCodes.Status401Unauthorized ? "Bearer" : null,
            IsFinal = error?.IsFinal == true,
        };
    }

    /// <summary>Only creates answer with a token, always with 200.</summary>
    public static JsonOk<TokenCreateResponse> Created(TokenView token, SecretPair? secrets) =>
        new(TokenCreateResponse.From(token, secrets?.Access), BoomerangJson.Wire.TokenCreateResponse, holdsSecret: true);
}
