using TokenActors.Domain.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>Every refusal of a token's grain as the Management API answers it.</summary>
internal static class TokenRefusals
{
    public static IResult ToProblem(HttpContext http, TokenRefusal refusal, string id) => refusal switch
    {
        TokenRefusal.NotFound => ProblemResults.NotFound(http, "token", id),
        TokenRefusal.UnknownSecret or TokenRefusal.WrongKind or TokenRefusal.Reused => ProblemResults.Unauthorized(http),
        TokenRefusal.Superseded => Superseded(http),
        TokenRefusal.Expired => ProblemResults.Conflict(http, "token-expired", "The token has expired; reset it to revive it.", "token", id),
        TokenRefusal.Disabled => ProblemResults.Conflict(http, "token-disabled", "The token is disabled.", "token", id),
        TokenRefusal.OwnerGone => ProblemResults.Conflict(http, "owner-gone", "What the token depends on is disabled or deleted.", "token", id),
        TokenRefusal.IdTaken => ProblemResults.Conflict(
            http, "idempotency-key-used", "The idempotency key made a token before, and its answer is not kept any more.", "token", id),
        TokenRefusal.NameTaken => ProblemResults.Conflict(http, "name-taken", "Another token of the organization has this name.", "token", id),
        TokenRefusal.IdempotencyConflict => IdempotencyConflict(http),
        TokenRefusal.LifeOutOfBounds => ProblemResults.Invalid(http, "/token_ttl", "body", "lies outside the bounds of this kind of token"),
        TokenRefusal.DefaultTokenStays => ProblemResults.Conflict(
            http, "default-token", "A default token lives as long as its organization; reset it instead.", "token", id),
        TokenRefusal.OrganizationDisabled => ProblemResults.OrganizationDisabled(http),
        TokenRefusal.BeyondGrant => ProblemResults.TooMuch(http, []),
        TokenRefusal.NotRefreshable => ProblemResults.Conflict(http, "not-refreshable", "This kind of token has no refresh half.", "token", id),
        TokenRefusal.ChangedMeanwhile => ProblemResults.Conflict(http, "changed-meanwhile", "The token was changed meanwhile.", "token", id),
        TokenRefusal.VersionGoesBack => ProblemResults.Conflict(http, "version-goes-back", "A secret version cannot go back.", "token", id),
        TokenRefusal.TooManyTokens => ProblemResults.Conflict(
            http, "too-many-tokens", "The organization has as many tokens as it may; delete some.", "organization", id),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };

    /// <summary>A refresh refused to the bearer of the spent secret: always 401, with a type of its own where its holder did nothing wrong.</summary>
    public static IResult ToRefreshProblem(HttpContext http, TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.Superseded => Superseded(http),
        TokenRefusal.OrganizationDisabled => ProblemResults.OrganizationDisabled(http),
        TokenRefusal.IdempotencyConflict => IdempotencyConflict(http),
        _ => ProblemResults.Unauthorized(http),
    };

    public static IResult IdempotencyConflict(HttpContext http) =>
        ProblemResults.Conflict(http, "idempotency-key-reused", "The idempotency key was used for another request.");

    private static IResult Superseded(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemResults.Of(
            http, StatusCodes.Status401Unauthorized, "superseded", "The pair was replaced or removed; use the current one.");
    }
}
