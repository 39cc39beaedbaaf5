using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>Every refusal of a token's grain as the Lifecycle API answers it.</summary>
internal static class TokenErrors
{
    /// <summary>The same of an answer, which may say what the bearer lacks.</summary>
    public static ApiError Of(TokenRefusal refusal, IReadOnlyCollection<string> tooMuch) =>
        refusal == TokenRefusal.BeyondGrant && tooMuch.Count > 0
            ? ApiError.Forbidden($"the bearer's grant does not hold what this needs: {string.Join(", ", tooMuch)}")
            : Of(refusal);

    public static ApiError Of(TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.NotFound => ApiError.NotFound,
        TokenRefusal.UnknownSecret or TokenRefusal.WrongKind or TokenRefusal.Reused or TokenRefusal.Superseded =>
            ApiError.Unauthorized,
        TokenRefusal.OrganizationDisabled => ApiError.OrganizationDisabled,
        TokenRefusal.BeyondGrant => ApiError.Forbidden("the bearer's grant does not hold what the token may do"),
        TokenRefusal.Expired => Conflict("the token has expired; reset it or give it a new life"),
        TokenRefusal.Disabled => Conflict("the token is disabled; enable it first"),
        TokenRefusal.OwnerGone => Conflict("what the token depends on is disabled or deleted"),
        TokenRefusal.NotRefreshable => Conflict("this kind of token has no refresh half; rotate it instead"),
        TokenRefusal.DefaultTokenStays =>
            Conflict("a default token lives as long as its organization; disable or reset it instead"),
        TokenRefusal.NameTaken =>
            Invalid(StatusCodes.Status409Conflict, "name", "is borne by another token of the organization"),
        TokenRefusal.LifeOutOfBounds =>
            Invalid(StatusCodes.Status400BadRequest, "life", "lies outside the bounds of this kind of token"),
        TokenRefusal.LifeBeyondPolicy =>
            Invalid(StatusCodes.Status400BadRequest, "life", "is more than the organization's policy allows"),
        TokenRefusal.KindBeyondPolicy => Conflict("the organization's policy allows no new token of this kind"),
        TokenRefusal.TooManyItems =>
            Invalid(StatusCodes.Status400BadRequest, "resources", "has more items than it may have"),
        TokenRefusal.UnknownRole => Conflict("a role of the token does not exist"),
        TokenRefusal.OutsideAddresses => ApiError.OutsideAddresses,
        TokenRefusal.UsedUp => Conflict("the token was used as often as it may be; give it more uses"),
        TokenRefusal.KeyTaken =>
            Invalid(StatusCodes.Status409Conflict, "sha256", "is that of a key that is imported already"),
        TokenRefusal.SchemeGone => Invalid(StatusCodes.Status409Conflict, "scheme", "was deleted"),
        TokenRefusal.LimitsOutOfBounds => Invalid(StatusCodes.Status400BadRequest, "uses", "is out of bounds"),
        TokenRefusal.UpgradePending =>
            Conflict("a silo of the cluster does not know of restrictions yet; try again after the upgrade"),
        TokenRefusal.TooManyTokens => Conflict("the organization has as many tokens as it may; delete some"),
        TokenRefusal.VersionGoesBack => Conflict("a secret version cannot go back"),
        TokenRefusal.ChangedMeanwhile => new(
            StatusCodes.Status412PreconditionFailed, ApiErrorKind.Conflict, "the token was changed meanwhile; read it again"),
        TokenRefusal.IdTaken => Reused("the idempotency key made a token before, and its answer is not kept any more"),
        TokenRefusal.IdempotencyConflict => Reused("the idempotency key was used for another request"),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };

    private static ApiError Conflict(string message) =>
        new(StatusCodes.Status409Conflict, ApiErrorKind.Conflict, message);

    private static ApiError Reused(string message) =>
        new(StatusCodes.Status409Conflict, ApiErrorKind.KeyReused, message);

    private static ApiError Invalid(int status, string field, string message)
    {
        var kind = status == StatusCodes.Status409Conflict ? ApiErrorKind.Conflict : ApiErrorKind.Invalid;
        return new(status, kind, $"{field} {message}", "/" + field)
        {
            Details = [new RequestError("/" + field, "body", message)],
        };
    }
}
