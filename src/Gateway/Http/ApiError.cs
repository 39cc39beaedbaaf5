using TokenActors.Domain.Tokens;

namespace TokenActors.Gateway.Http;

/// <summary>What went wrong, before an API gives it its own shape.</summary>
internal enum ApiErrorKind
{
    /// <summary>The request cannot be carried out as it is.</summary>
    Invalid,

    /// <summary>No credentials, or none that are accepted.</summary>
    Unauthorized,

    OrganizationDisabled,

    /// <summary>The bearer may not do this.</summary>
    Forbidden,

    /// <summary>The thing named in the path is missing or another's.</summary>
    NotFound,

    /// <summary>No route has this path.</summary>
    NoRoute,

    MethodNotAllowed,

    /// <summary>The thing is in a state that does not allow it, or was changed meanwhile.</summary>
    Conflict,

    /// <summary>
    /// The idempotency key was used for another request, or for one whose answer is not kept any more.
    /// </summary>
    KeyReused,

    /// <summary>A JSON Patch that does not apply.</summary>
    PatchFailed,

    TooManyRequests,

    /// <summary>Database or silo did not answer.</summary>
    Unavailable,

    Internal,
}

/// <param name="Status">the HTTP status</param>
/// <param name="Kind">what went wrong</param>
/// <param name="Message">for the client's developer</param>
/// <param name="Pointer">JSON Pointer to what is wrong in the body, or the name of a parameter</param>
internal sealed record ApiError(int Status, ApiErrorKind Kind, string Message, string? Pointer = null)
{
    public static readonly ApiError Unauthorized = new(
        401, ApiErrorKind.Unauthorized, "the credentials are missing, unknown or no longer valid");
    public static readonly ApiError OrganizationDisabled = new(
        402, ApiErrorKind.OrganizationDisabled, "the organization is disabled");

    /// <summary>It does not say from where the token may be used: who stole it would learn where to go.</summary>
    public static readonly ApiError OutsideAddresses = Forbidden("the token may not be used from this address");
    public static readonly ApiError NotFound = new(404, ApiErrorKind.NotFound, "there is no such token");

    /// <summary>
    /// Everything that is wrong with the parts of a request, for the APIs that tell it all; else empty.
    /// </summary>
    public IReadOnlyList<RequestError> Details { get; init; } = [];

    /// <summary>How long to wait before another try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Clients that ask again by themselves must not.</summary>
    public bool IsFinal { get; init; }

    public static ApiError TooManyRequests(TimeSpan wait) =>
        new(429, ApiErrorKind.TooManyRequests, "too many requests; try again later") { RetryAfter = wait };

    public static ApiError Invalid(string message, string? pointer = null) =>
        new(400, ApiErrorKind.Invalid, message, pointer);

    /// <summary>
    /// The first of what is wrong with a body or a query says it all to clients of the APIs that tell one thing.
    /// </summary>
    public static ApiError Invalid(IReadOnlyList<RequestError> errors)
    {
        var first = errors[0];
        var message = first.Id.Length == 0 ? $"the body {first.Message}" : $"{first.Id.TrimStart('/')} {first.Message}";
        return Invalid(message, first.Id) with { Details = errors };
    }

    public static ApiError Forbidden(string message) => new(403, ApiErrorKind.Forbidden, message);

    /// <summary>Every refusal of a token's grain, for the APIs that have no words of their own for each.</summary>
    public static ApiError Of(TokenRefusal refusal) => refusal switch
    {
        TokenRefusal.NotFound => NotFound,
        TokenRefusal.UnknownSecret or TokenRefusal.WrongKind or TokenRefusal.Reused or TokenRefusal.Superseded =>
            Unauthorized,
        TokenRefusal.Expired => Invalid("the token has expired"),
        TokenRefusal.Disabled => Invalid("the token is disabled"),
        TokenRefusal.OwnerGone => Invalid("what the token depends on is disabled or deleted"),
        TokenRefusal.LifeOutOfBounds => Invalid("the duration must be longer than nothing"),
        TokenRefusal.VersionGoesBack => Invalid("the secret version cannot go back"),
        TokenRefusal.UnknownRole => Invalid("customRoleIds names a role that does not exist", "/customRoleIds"),
        TokenRefusal.TooManyItems => Invalid("a list has more items than it may have"),
        TokenRefusal.TooManyTokens => Invalid("there are as many tokens as there may be; delete some"),
        TokenRefusal.KindBeyondPolicy => Invalid("the organization's policy allows no new token of this kind"),
        TokenRefusal.LifeBeyondPolicy => Invalid("the organization's policy allows no life of this length"),
        TokenRefusal.NotRefreshable or TokenRefusal.DefaultTokenStays or TokenRefusal.NameTaken =>
            Invalid("the token does not allow this"),
        TokenRefusal.OrganizationDisabled => OrganizationDisabled,
        TokenRefusal.BeyondGrant => Forbidden("this would give more than the bearer itself may do"),
        TokenRefusal.OutsideAddresses => OutsideAddresses,
        TokenRefusal.UsedUp => Invalid("the token was used as often as it may be"),
        TokenRefusal.LimitsOutOfBounds => Invalid("a limit is out of bounds"),
        TokenRefusal.KeyTaken => Invalid("the key is imported already"),
        TokenRefusal.SchemeGone => Invalid("the scheme of the key was deleted"),
        TokenRefusal.UpgradePending => new(
            409, ApiErrorKind.Conflict, "a silo of the cluster does not know of restrictions yet; try again after the upgrade"),
        TokenRefusal.ChangedMeanwhile =>
            new(409, ApiErrorKind.Conflict, "the token was changed meanwhile; read it again"),
        TokenRefusal.IdTaken => new(
            409, ApiErrorKind.KeyReused,
            "the idempotency key made a token before, and its answer is not kept any more"),
        TokenRefusal.IdempotencyConflict =>
            new(409, ApiErrorKind.KeyReused, "the idempotency key was used for another request"),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
