using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Events;
using TokenActors.Domain.Integrations;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// <c>OrganizationWebhookPayload</c>: which filter let the event through, the account or integration as it was after
/// the event, in the shape that <c>/v1</c> shows it, and the delivery's id.
/// </summary>
internal static class VendorBodies
{
    public static byte[] Of(OutboxEvent told, string nonce)
    {
        var body = new JsonObject { ["event"] = WebhookFilters.Of(told.Type) ?? told.Type };
        if (told.Resource is { } stored
            && JsonSerializer.Deserialize(stored, ResourceJson.Default.ResourceState) is { } state)
        {
            switch (told.Subject.Kind)
            {
                case Kinds.Account: body["account"] = Account(state); break;
                case Kinds.Integration: body["integration"] = Integration(state); break;
            }
        }
        else if (told.Type == EventTypes.OperationComplete)
        {
            body["operation"] = JsonNode.Parse(told.Data);
        }

        body["nonce"] = nonce;
        return JsonSerializer.SerializeToUtf8Bytes(body, WebhookNodesJson.Default.JsonObject);
    }

    private static JsonObject Account(ResourceState state)
    {
        var json = Common(state);
        json["organization_id"] = state.OrganizationId.ToString();
        json["environment"] = state.Content.Account?.Environment;
        json["labels"] = new JsonArray(
            [.. (state.Content.Account?.Labels ?? []).Select(label => JsonValue.Create(label))]);
        return json;
    }

    private static JsonObject Integration(ResourceState state)
    {
        var json = Common(state);
        if (state.Content.Integration is not { } content)
        {
            return json;
        }

        json["refresh_token_id"] = content.RefreshTokenId.ToString();
        json["account_id"] = content.AccountId.ToString();
        json["category"] = content.Category;
        json["provider_config"] = ShownConfigs.Of(content.ProviderType, content.ProviderConfig);
        json["provider_fullname"] = ProviderCatalog.Find(content.ProviderType)?.FullName ?? content.ProviderType;
        json["provider_type"] = content.ProviderType;
        Add(json, "integration_point_id", content.IntegrationPointId is { } point ? JsonValue.Create(point.ToString()) : null);
        Add(json, "bridge_selector", Parse(content.BridgeSelector));
        Add(json, "webhook_config", Parse(content.WebhookConfig));
        Add(json, "mappings", Parse(content.Mappings));
        Add(json, "additional_mappings", Parse(content.AdditionalMappings));
        Add(json, "scheduled_operations", Parse(content.ScheduledOperations));
        return json;
    }

    private static JsonObject Common(ResourceState state) => new()
    {
        ["name"] = state.Name,
        ["created_at"] = state.CreatedAt.UtcDateTime,
        ["updated_at"] = state.UpdatedAt.UtcDateTime,
        ["id"] = state.Id.ToString(),
        ["fullname"] = state.FullName,
    };

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    private static void Add(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonObject))]
internal sealed partial class WebhookNodesJson : System.Text.Json.Serialization.JsonSerializerContext;
