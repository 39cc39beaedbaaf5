using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// Errors in Cloudflare's envelope, always with a 4xx or 5xx status, since its clients look at nothing else. Codes are
/// Cloudflare's where they are known; 12131 and 12132 are this service's.
/// </summary>
internal static class CloudflareErrors
{
    private const int InvalidRequest = 12130;
    private const int Conflict = 12131;
    private const int NotFound = 12132;
    private const int Authentication = 10000;
    private const int Unauthorized = 9109;
    private const int NoRoute = 7003;
    private const int Throttled = 971;
    private const int Unavailable = 10013;

    public static Refusal Result(ApiError error) => new JsonRefusal<CloudflareEnvelope<ServiceTokenWire>>(
        error.Status, http => BodyOf(http, error), CloudflareJson.Wire.CloudflareEnvelopeServiceTokenWire)
    {
        RetryAfter = error.RetryAfter,
        Challenge = error.Kind == ApiErrorKind.Unauthorized ? "Bearer" : null,

        // Its clients take 409 for a reason to ask again, which would be answered the same.
        IsFinal = error.IsFinal || error.Kind == ApiErrorKind.KeyReused,
    };

    private static CloudflareEnvelope<ServiceTokenWire> BodyOf(HttpContext http, ApiError error)
    {
        var (code, message) = error.Kind switch
        {
            ApiErrorKind.Invalid or ApiErrorKind.PatchFailed =>
                (InvalidRequest, $"access.api.error.invalid_request: {error.Message}"),
            ApiErrorKind.Unauthorized => (Authentication, "Authentication error"),
            ApiErrorKind.OrganizationDisabled or ApiErrorKind.Forbidden =>
                (Unauthorized, $"Unauthorized to access requested resource: {error.Message}"),
            ApiErrorKind.NotFound => (NotFound, "access.api.error.service_token_not_found"),
            ApiErrorKind.NoRoute or ApiErrorKind.MethodNotAllowed =>
                (NoRoute, $"Could not route to {SecretScan.Mask(http.Request.Path.Value ?? "")}, perhaps your object identifier is invalid?"),
            ApiErrorKind.Conflict or ApiErrorKind.KeyReused =>
                (Conflict, $"access.api.error.conflict: {error.Message}"),
            ApiErrorKind.TooManyRequests => (Throttled, "Please wait and consider throttling your request speed"),
            ApiErrorKind.Unavailable or ApiErrorKind.Internal => (Unavailable, error.Message),
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
        };
        var source = error.Pointer is { } pointer ? new CloudflareSource(pointer) : null;
        return new() { Success = false, Errors = [new CloudflareMessage(code, message, source)] };
    }
}
