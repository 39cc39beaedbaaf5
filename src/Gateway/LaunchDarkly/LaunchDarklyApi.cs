using System.Globalization;
using Microsoft.OpenApi;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// The access tokens of LaunchDarkly. The bearer stands bare in the Authorization header. Ids have 24 hexadecimal
/// digits, so that only the first 96 bits of a token's id are its own here.
/// </summary>
internal sealed class LaunchDarklyApi : Facade
{
    private const int IdDigits = 24;

    private static ReadOnlySpan<byte> IdTail => "LDAT"u8;

    public override string Name => "launchdarkly";

    public override string Title => "LaunchDarkly access tokens";

    public override OpenApiSecurityScheme Security => Documents.BareToken;

    protected override TokenAudience? Audience => TokenAudience.LaunchDarkly;

    /// <summary>All of the vendor's paths, so that its clients can read what the others answer: they are not
    /// there.</summary>
    public override bool Owns(PathString path) =>
        path.StartsWithSegments("/api/v2") && !path.StartsWithSegments("/api/v2/token");

    public override (Secret Secret, TokenId Id)? Presented(HttpContext http) =>
        http.Request.Headers.Authorization is [var text] ? Parse(text) : null;

    public override TokenId? IdOf(ApiRequest request)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (request.Path("id") is not { Length: IdDigits } text
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return null;
        }

        IdTail.CopyTo(bytes[12..]);
        return new TokenId(new Guid(bytes, bigEndian: true));
    }

    /// <summary>Its clients wait until the time that the headers say.</summary>
    public override void NoteLimit(HttpContext http, TimeSpan wait) => RateHeaders.Say(http, left: 0, wait);

    protected override TokenId Fit(TokenId id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        IdTail.CopyTo(bytes[12..]);
        return new TokenId(new Guid(bytes, bigEndian: true));
    }

    public override Refusal Error(ApiError error)
    {
        var code = error.Kind switch
        {
            ApiErrorKind.Invalid => "invalid_request",
            ApiErrorKind.Unauthorized => "unauthorized",
            ApiErrorKind.OrganizationDisabled or ApiErrorKind.Forbidden => "forbidden",
            ApiErrorKind.NotFound or ApiErrorKind.NoRoute => "not_found",
            ApiErrorKind.MethodNotAllowed => "method_not_allowed",
            ApiErrorKind.Conflict => "optimistic_locking_error",
            ApiErrorKind.KeyReused => "idempotency_key_reused",
            ApiErrorKind.PatchFailed => "patch_failed",
            ApiErrorKind.TooManyRequests => "rate_limited",
            ApiErrorKind.Unavailable => "service_unavailable",
            ApiErrorKind.Internal => "internal_service_error",
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
        };
        return new JsonRefusal<LaunchDarklyError>(
            error.Status, http => new LaunchDarklyError(code, error.Message, http.TraceIdentifier), LaunchDarklyJson.Wire.LaunchDarklyError)
        {
            RetryAfter = error.RetryAfter,
            Challenge = error.Kind == ApiErrorKind.Unauthorized ? "ApiKey" : null,
            IsFinal = error.IsFinal,
        };
    }

    public static JsonCreated<AccessTokenWire> Created(TokenView token, SecretPair? secrets) =>
        new(AccessTokenWire.From(token, secrets?.Access), LaunchDarklyJson.Wire.AccessTokenWire, secrets is not null);

    public static JsonOk<AccessTokenWire> Ok(TokenView token, SecretPair? secrets = null) =>
        new(AccessTokenWire.From(token, secrets?.Access), LaunchDarklyJson.Wire.AccessTokenWire, secrets is not null);

    /// <summary>The first 24 digits of an id.</summary>
    public static string Short(Guid id) => id.ToString("N", CultureInfo.InvariantCulture)[..IdDigits];
}
