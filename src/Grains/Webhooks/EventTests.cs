using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Events;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>The event that an endpoint is sent to show that it works.</summary>
internal static class EventTests
{
    public static AuditEntry Of(ResourceState endpoint, CallContext context, RecordKey key, DateTimeOffset now)
    {
        var data = new JsonObject
        {
            ["id"] = key.Id, ["kind"] = key.Kind, ["version"] = endpoint.Version,
            ["organization_id"] = endpoint.OrganizationId.ToString(), ["name"] = endpoint.Name,
        };
        return AuditEntries.Of(
            key, context, context.CommandId.ToString("N"), endpoint.OrganizationId.ToString(), $"{key.Kind}.tested",
            endpoint.Version, now) with
        {
            Payload = new EventPayload(
                Guid.CreateVersion7(now), EventTypes.WebhookTest,
                JsonSerializer.Serialize(data, WebhookNodesJson.Default.JsonObject), null, [key.Id]),
        };
    }
}
