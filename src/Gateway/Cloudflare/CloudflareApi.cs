using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// The service tokens of Cloudflare Access. They are administered with tokens of the Management API, as Cloudflare's
/// are with API tokens; an account is an organization, its id written as 32 hexadecimal digits.
/// </summary>
internal sealed class CloudflareApi : Facade
{
    public override string Name => "cloudflare";

    public override string Title => "Cloudflare Access service tokens";

    /// <summary>A service token opens what stands behind a proxy, and no API.</summary>
    protected override TokenAudience? Audience => null;

    public override bool Owns(PathString path) =>
        path.StartsWithSegments("/client/v4") || path.StartsWithSegments("/access");

    /// <summary><c>Authorization: Bearer</c>, or the older <c>X-Auth-Email</c> with <c>X-Auth-Key</c>.</summary>
    public override (Secret Secret, TokenId Id)? Presented(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Authorization.Count > 0)
        {
            return http.PresentedBearer();
        }

        return headers["X-Auth-Key"] is [var key] && headers["X-Auth-Email"].Count == 1 ? Parse(key) : null;
    }

    public override TokenId? IdOf(ApiRequest request) =>
        Guid.TryParse(request.Path("serviceTokenId"), out var id) ? new TokenId(id) : null;

    public override Refusal Error(ApiError error) => CloudflareErrors.Result(error);

    public static JsonCreated<CloudflareEnvelope<ServiceTokenWire>> Created(TokenView token, SecretPair? secrets) =>
        new(Envelope(token, secrets), CloudflareJson.Wire.CloudflareEnvelopeServiceTokenWire, secrets is not null);

    public static JsonOk<CloudflareEnvelope<ServiceTokenWire>> Ok(TokenView token, SecretPair? secrets = null) =>
        new(Envelope(token, secrets), CloudflareJson.Wire.CloudflareEnvelopeServiceTokenWire, secrets is not null);

    private static CloudflareEnvelope<ServiceTokenWire> Envelope(TokenView token, SecretPair? secrets) =>
        new() { Success = true, Result = ServiceTokenWire.From(token, secrets?.Access) };

    public static string AccountIdOf(OrganizationId organization) => organization.Value.ToString("N");
}
