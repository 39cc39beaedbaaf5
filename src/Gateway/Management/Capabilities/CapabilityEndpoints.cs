using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Integrations;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Capabilities;

internal sealed class OfConnectors : IExpandable
{
    public static IReadOnlyList<string> Words => ["providers"];
}

internal sealed class OfProviders : IExpandable
{
    public static IReadOnlyList<string> Words => ["connector", "operations", "provider_config"];
}

internal sealed class OfProvider : IExpandable
{
    public static IReadOnlyList<string> Words => [.. OfProviders.Words, "request_body"];
}

/// <summary>
/// <c>/v1/capabilities</c>: the connectors and providers of the catalogue that checks integrations. The same for every
/// organization, so that any bearer may ask.
/// </summary>
internal static class CapabilityEndpoints
{
    public static void MapCapabilities(this RouteGroupBuilder v1)
    {
        var capabilities = v1.MapResource("/capabilities", "capabilities");
        capabilities.MapGet("/connectors", ListConnectors).Needs(null).WithName("capabilities_list_connectors");
        capabilities.MapGet("/providers", ListProviders).Needs(null).WithName("capabilities_list_providers");
        capabilities.MapGet("/providers/{providerId}", GetProvider).Needs(null).WithName("capabilities_get_provider");
    }

    private static JsonList<ListEnvelope<ConnectorWire>> ListConnectors(ExpandWords<OfConnectors> expand) => new(
        new([.. ProviderCatalog.Categories.Select(category => ConnectorWire.Of(category, expand.Holds("providers")))]),
        CapabilityJson.Wire.ListEnvelopeConnectorWire);

    private static JsonList<ListEnvelope<ProviderWire>> ListProviders(ExpandWords<OfProviders> expand) => new(
        new([.. ProviderCatalog.All.OrderBy(provider => provider.Type, StringComparer.Ordinal)
            .Select(provider => Show(provider, expand))]),
        CapabilityJson.Wire.ListEnvelopeProviderWire);

    private static Results<JsonOk<Envelope<ProviderWire>>, Refusal> GetProvider(
        string providerId, ExpandWords<OfProvider> expand) => ProviderCatalog.Find(providerId) is { } provider
            ? new JsonOk<Envelope<ProviderWire>>(
                new(Show(provider, expand)), CapabilityJson.Wire.EnvelopeProviderWire)
            : Problems.NotFound("provider", providerId);

    private static ProviderWire Show<T>(Provider provider, ExpandWords<T> expand)
        where T : IExpandable
    {
        var bodies = expand.Holds("request_body");
        return ProviderWire.Of(provider) with
        {
            Connector = expand.Holds("connector") ? ConnectorWire.NodeOf(provider.Category) : provider.Category,
            Operations = expand.Holds("operations") || bodies ? ProviderOperationWire.Of(provider, bodies) : null,
            ProviderConfig = expand.Holds("provider_config") ? Integrations.ProviderSchemas.Of(provider) : null,
        };
    }
}
