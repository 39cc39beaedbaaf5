using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// The service tokens of Cloudflare Access. They are administered with tokens of the Management API, as Cloudflare's are with API tokens;
/// an account is an organization, its id written as 32 hexadecimal digits.
/// </summary>
internal sealed class CloudflareApi : Facade
{
    public override string Name => "cloudflare";

    public override string Title => "Cloudflare Access service tokens";

    /// <summary>A service token opens what stands behind a proxy, and no API.</summary>
    protected override TokenAudience? Audience => null;

    public override bool Owns(PathString path) => path.StartsWithSegments("/client/v4") || path.StartsWithSegments("/access");

    /// <summary><c>Authorization: Bearer</c>, or the older <c>X-Auth-Email</c> with <c>X-Auth-Key</c>.</summary>
    public override (Secret Secret, TokenId Id)? Presented(HttpContext http) =>
        http.Request.Headers.Authorization.Count > 0 ? http.PresentedBearer()
        : http.Request.Headers["X-Auth-Key"] is [var key] && http.Request.Headers["X-Auth-Email"].Count == 1 ? Parse(key)
        : null;

    public override TokenId? IdOf(HttpContext http) =>
        Guid.TryParse(http.Request.RouteValues["serviceTokenId"] as string, out var id) ? new TokenId(id) : null;

    public override IResult Error(HttpContext http, ApiError error) => CloudflareErrors.Result(http, error);

    public override IResult Show(HttpContext http, TokenView token, Secret? secret, bool created)
    {
        if (secret is not null)
        {
            http.Response.Headers.CacheControl = "no-store";
        }

        return Envelope(ServiceTokenWire.From(token, secret), created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public static IResult Envelope(ServiceTokenWire token, int status = StatusCodes.Status200OK) => TypedResults.Json(
        new CloudflareEnvelope<ServiceTokenWire> { Success = true, Result = token }, CloudflareJson.Wire.CloudflareEnvelopeServiceTokenWire,
        statusCode: status);

    public static string AccountIdOf(OrganizationId organization) => organization.Value.ToString("N");
}
