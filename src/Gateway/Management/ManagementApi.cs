using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>
/// The Management API. Its errors are <see cref="Problem"/>, and so are those of every path that no other API owns.
/// </summary>
internal sealed class ManagementApi : Api
{
    public override bool Owns(PathString path) => true;

    public override Refusal Error(ApiError error) =>
        new ProblemResult(error.Status, Problems.TypePrefix + TypeOf(error), error.Message)
        {
            RetryAfter = error.RetryAfter,
            IsFinal = error.IsFinal,
        };

    private static string TypeOf(ApiError error) => error switch
    {
        { Kind: ApiErrorKind.NoRoute } => "no-such-route",
        { Kind: ApiErrorKind.MethodNotAllowed } => "method-not-allowed",
        { Kind: ApiErrorKind.Unavailable } => "unavailable",
        { Kind: ApiErrorKind.Internal } => "internal",
        { Status: StatusCodes.Status415UnsupportedMediaType } => "unsupported-media-type",
        _ => "bad-request",
    };
}
