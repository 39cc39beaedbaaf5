using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.OAuth;

/// <summary>
/// What clients and resource servers can learn of the service by themselves (RFC 8414, RFC 9728). There is none of it
/// where the operator did not say by which URL the service is known.
/// </summary>
internal static class MetadataEndpoints
{
    private static readonly string[] Methods = ["client_secret_basic", "client_secret_post"];

    public static void MapMetadata(this IEndpointRouteBuilder routes)
    {
        var wellKnown = routes.MapGroup("/.well-known").ExcludeFromDescription();
        wellKnown.MapGet("/oauth-authorization-server", GetServer);
        wellKnown.MapGet("/oauth-protected-resource", (GatewayOptions options) => GetResource(options, ""));
        wellKnown.MapGet("/oauth-protected-resource/v1", (GatewayOptions options) => GetResource(options, "/v1"));
        wellKnown.MapGet(
            "/oauth-protected-resource/lifecycle/v1",
            (GatewayOptions options) => GetResource(options, "/lifecycle/v1"));
        wellKnown.MapGet("/oauth-protected-resource/mcp", GetMcp);
    }

    private static Results<JsonOk<ServerMetadata>, NotFound> GetServer(GatewayOptions options) =>
        options.Issuer is { } issuer
        ? new JsonOk<ServerMetadata>(
            new(issuer, $"{issuer}/oauth2/introspect", Methods, $"{issuer}/oauth2/revoke", Methods, [], []), OAuthJson.Wire.ServerMetadata)
        : TypedResults.NotFound();

    private static Results<JsonOk<ResourceMetadata>, NotFound> GetResource(GatewayOptions options, string path) =>
        options.Issuer is { } issuer
        ? new JsonOk<ResourceMetadata>(new(issuer + path, [issuer], ["header"]), OAuthJson.Wire.ResourceMetadata)
        : TypedResults.NotFound();

    /// <summary>Told without an issuer too, on the loopback: clients of a service that is tried out ask for
    /// it.</summary>
    private static Results<JsonOk<ResourceMetadata>, NotFound> GetMcp(ApiRequest request, GatewayOptions options, McpResource resource) =>
        options.HasMcp && resource.Of(request.Http) is { } own
        ? new JsonOk<ResourceMetadata>(
            new(own, options.Issuer is { } issuer ? [issuer] : [], ["header"]) { ResourceName = "TokenActors" }, OAuthJson.Wire.ResourceMetadata)
        : TypedResults.NotFound();
}

/// <summary>Authorization server metadata. No grant types: tokens are made over the APIs.</summary>
internal sealed record ServerMetadata(
    string Issuer, string IntrospectionEndpoint, IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported,
    string RevocationEndpoint,
    IReadOnlyList<string> RevocationEndpointAuthMethodsSupported, IReadOnlyList<string> GrantTypesSupported, IReadOnlyList<string> ResponseTypesSupported);

/// <summary>Protected resource metadata.</summary>
internal sealed record ResourceMetadata(
    string Resource, IReadOnlyList<string> AuthorizationServers, IReadOnlyList<string> BearerMethodsSupported)
{
    /// <summary>For people.</summary>
    public string? ResourceName { get; init; }
}
