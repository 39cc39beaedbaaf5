using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle;

/// <summary>
/// The API of our own, for what the wire formats of others cannot say. Its errors are problem details (RFC 9457).
/// </summary>
internal sealed class LifecycleApi : Api
{
    public const string Path = "/lifecycle/v1";

    public const string Document = "lifecycle";

    public const string Title = "Lifecycle API";

    private const string TypePrefix = "urn:tokenactors:problem:";

    public override bool Owns(PathString path) => path.StartsWithSegments("/lifecycle");

    public override Refusal Error(ApiError error) =>
        new LifecycleProblemResult(
            error.Status, TypePrefix + TypeOf(error), TitleOf(error), Sentence(error.Message), error.Details)
        {
            RetryAfter = error.RetryAfter,
            IsFinal = error.IsFinal,
            Challenge = error.Kind == ApiErrorKind.Unauthorized ? "Bearer" : null,
        };

    public static string TypeOf(ApiError error) => error.Kind switch
    {
        ApiErrorKind.Unauthorized => "unauthorized",
        ApiErrorKind.OrganizationDisabled => "organization-disabled",
        ApiErrorKind.Forbidden => "permission-missing",
        ApiErrorKind.NotFound => "not-found",
        ApiErrorKind.NoRoute => "no-such-route",
        ApiErrorKind.MethodNotAllowed => "method-not-allowed",
        ApiErrorKind.Conflict when error.Status == StatusCodes.Status412PreconditionFailed => "changed-meanwhile",
        ApiErrorKind.Conflict when error.Status == StatusCodes.Status428PreconditionRequired => "if-match-required",
        ApiErrorKind.Conflict when error.Status == StatusCodes.Status410Gone => "gone",
        ApiErrorKind.Conflict => "conflict",
        ApiErrorKind.KeyReused => "idempotency-key-reused",
        ApiErrorKind.TooManyRequests => "too-many-requests",
        ApiErrorKind.Unavailable => "unavailable",
        ApiErrorKind.Internal => "internal",
        _ => "invalid-request",
    };

    private static string TitleOf(ApiError error) => error.Kind switch
    {
        ApiErrorKind.Unauthorized => "The bearer is not accepted",
        ApiErrorKind.OrganizationDisabled => "The organization is disabled",
        ApiErrorKind.Forbidden => "The bearer may not do this",
        ApiErrorKind.NotFound => "There is no such thing",
        ApiErrorKind.NoRoute => "There is nothing at this path",
        ApiErrorKind.MethodNotAllowed => "The path does not take this method",
        ApiErrorKind.Conflict when error.Status == StatusCodes.Status428PreconditionRequired => "If-Match is required",
        ApiErrorKind.Conflict when error.Status == StatusCodes.Status410Gone => "It is over",
        ApiErrorKind.Conflict => "It is not as the request takes it to be",
        ApiErrorKind.KeyReused => "The idempotency key was used for another request",
        ApiErrorKind.TooManyRequests => "Too many requests",
        ApiErrorKind.Unavailable => "The service cannot answer right now",
        ApiErrorKind.Internal => "Something went wrong on our side",
        _ => "The request cannot be carried out as it is",
    };

    private static string Sentence(string message) =>
        message.Length == 0 ? message : char.ToUpperInvariant(message[0]) + message[1..].TrimEnd('.') + ".";
}
