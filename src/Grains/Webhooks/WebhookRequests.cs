using System.Text.Json.Nodes;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>Makes what is posted to an endpoint.</summary>
internal static class WebhookRequests
{
    public static WebhookRequest Of(WebhookTarget target, OutboxEvent told, string endpointId, DateTimeOffset at)
    {
        var id = WebhookBodies.IdOf(told.Id, endpointId);
        var body = target.Content.CredentialId is null ? WebhookBodies.Thin(told) : VendorBodies.Of(told, id);
        List<(string Name, string Value)> headers = [.. WebhookBodies.Headers(id, at, body, target.Secrets)];
        if (target.OwnSecret is { } config && SecretIn(config) is { } secret)
        {
            headers.Add(WebhookBodies.VendorSignature(body, secret));
        }

        return new WebhookRequest(target.Content.Address, headers, body);
    }

    /// <summary>The secret of a credential's configuration; null where its form has none.</summary>
    private static string? SecretIn(ProtectedText config) =>
        JsonNode.Parse(config.Reveal())?["secret"] is JsonValue value && value.TryGetValue<string>(out var secret)
            ? secret
            : null;
}
