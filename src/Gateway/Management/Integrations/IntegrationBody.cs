using System.Text.Json;
using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.IntegrationPoints;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>What a body says an integration is to be, beyond its names.</summary>
internal sealed record IntegrationBody(
    ProviderConfig Provider, Guid? IntegrationPointId, string? BridgeSelector, WebhookConfig? Webhooks,
    string? Mappings, string? AdditionalMappings,
    string? ScheduledOperations)
{
    /// <summary>Null where something is wrong, which then stands in the fields' errors.</summary>
    public static IntegrationBody? Read(JsonFields fields, IntegrationContent? current, Func<int, byte[]> newKey)
    {
        var provider = fields.Object("provider_config", required: true) is { } config
            ? ProviderConfigs.Read(config)
            : null;
        Guid? point = null;
        if (fields.Text("integration_point_id") is { } text)
        {
            if (Guid.TryParseExact(text, "D", out var id))
            {
                point = id;
            }
            else
            {
                fields.Reject("integration_point_id", "names no integration point");
            }
        }

        var bridge = BridgeSelectors.Read(fields);
        var webhooks = WebhookConfigs.Read(fields, current?.WebhookConfig, newKey);
        var mappings = IntegrationFieldReader.Mappings(fields, isTemplate: false);
        var additional = IntegrationFieldReader.AdditionalMappings(fields, isTemplate: false);
        var scheduled = IntegrationFieldReader.ScheduledOperations(fields, provider?.Provider.Category);
        return provider is null
            ? null
            : new IntegrationBody(provider, point, bridge, webhooks, mappings, additional, scheduled);
    }

    public IntegrationContent ToContent(Guid account, TokenId token) => new()
    {
        AccountId = account,
        RefreshTokenId = token,
        Category = Provider.Provider.Category,
        ProviderType = Provider.Provider.Type,
        ProviderConfig = Provider.Config.ToJsonString(JsonSerializerOptions.Default),
        IntegrationPointId = IntegrationPointId,
        BridgeSelector = BridgeSelector,
        WebhookConfig = Webhooks?.Shown.ToJsonString(JsonSerializerOptions.Default),
        Mappings = Mappings,
        AdditionalMappings = AdditionalMappings,
        ScheduledOperations = ScheduledOperations,
    };
}
