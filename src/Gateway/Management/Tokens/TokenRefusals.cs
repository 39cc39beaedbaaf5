using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>Every refusal of a token's grain as the Management API answers it.</summary>
internal static class TokenRefusals
{
    public static Refusal ToProblem(TokenRefusal refusal, string id) => refusal switch
    {
        TokenRefusal.NotFound => Problems.NotFound("token", id),
        TokenRefusal.UnknownSecret or TokenRefusal.WrongKind or TokenRefusal.Reused => Problems.Unauthorized(),
        TokenRefusal.Superseded => Superseded(),
        TokenRefusal.Expired =>
            Problems.Conflict("token-expired", "The token has expired; reset it to revive it.", "token", id),
        TokenRefusal.Disabled => Problems.Conflict("token-disabled", "The token is disabled.", "token", id),
        TokenRefusal.OwnerGone =>
            Problems.Conflict("owner-gone", "What the token depends on is disabled or deleted.", "token", id),
        TokenRefusal.IdTaken => Problems.Conflict(
            "idempotency-key-used", "The idempotency key made a token before, and its answer is not kept any more.", "token", id),
        TokenRefusal.NameTaken =>
            Problems.Conflict("name-taken", "Another token of the organization has this name.", "token", id),
        TokenRefusal.IdempotencyConflict => IdempotencyConflict(),
        TokenRefusal.LifeOutOfBounds =>
            Problems.Invalid("/token_ttl", "body", "lies outside the bounds of this kind of token"),
        TokenRefusal.DefaultTokenStays => Problems.Conflict(
            "default-token", "A default token lives as long as its organization; reset it instead.", "token", id),
        TokenRefusal.OrganizationDisabled => Problems.OrganizationDisabled(),
        TokenRefusal.BeyondGrant => Problems.TooMuch([]),
        TokenRefusal.NotRefreshable =>
            Problems.Conflict("not-refreshable", "This kind of token has no refresh half.", "token", id),
        TokenRefusal.ChangedMeanwhile =>
            Problems.Conflict("changed-meanwhile", "The token was changed meanwhile.", "token", id),
        TokenRefusal.VersionGoesBack =>
            Problems.Conflict("version-goes-back", "A secret version cannot go back.", "token", id),
        TokenRefusal.UnknownRole => Problems.Invalid("/role_binding", "body", "names a role that does not exist"),
        TokenRefusal.TooManyItems => Problems.Invalid("/resources", "body", "has more items than it may have"),
        TokenRefusal.KindBeyondPolicy => Problems.Conflict(
            "policy", "The organization's policy allows no new token of this kind.", "organization", id),
        TokenRefusal.LifeBeyondPolicy =>
            Problems.Invalid("/token_ttl", "body", "is more than the organization's policy allows"),
        TokenRefusal.OutsideAddresses => Problems.OutsideAddresses(),
        TokenRefusal.UsedUp =>
            Problems.Conflict("token-used-up", "The token was used as often as it may be.", "token", id),
        TokenRefusal.LimitsOutOfBounds => Problems.Invalid("/uses", "body", "is out of bounds"),
        TokenRefusal.UpgradePending => Problems.Conflict(
            "upgrade-pending", "A silo of the cluster does not know of restrictions yet; try again after the upgrade."),
        TokenRefusal.TooManyTokens => Problems.Conflict(
            "too-many-tokens", "The organization has as many tokens as it may; delete some.", "organization", id),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };

    /// <summary>
    /// A refresh refused to the bearer of the spent secret: 401, with a type of its own where its holder did nothing
    /// wrong; 403 where it holds the secret and comes from elsewhere.
    /// </summary>
    public static Refusal ToRefreshProblem(TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.Superseded => Superseded(),
        TokenRefusal.OrganizationDisabled => Problems.OrganizationDisabled(),
        TokenRefusal.IdempotencyConflict => IdempotencyConflict(),
        TokenRefusal.OutsideAddresses => Problems.OutsideAddresses(),
        _ => Problems.Unauthorized(),
    };

    public static Refusal IdempotencyConflict() =>
        Problems.Conflict("idempotency-key-reused", "The idempotency key was used for another request.");

    private static ProblemResult Superseded() =>
        Problems.Unauthorized("superseded", "The pair was replaced or removed; use the current one.");
}
