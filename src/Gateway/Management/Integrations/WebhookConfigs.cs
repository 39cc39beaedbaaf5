using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>Where an integration's webhooks go.</summary>
/// <param name="Shown">without keys</param>
/// <param name="Full">with keys, shown once; null where none was given or made</param>
internal sealed record WebhookConfig(JsonObject Shown, JsonObject? Full)
{
    public ProtectedText? Keys =>
        Full is null ? null : new ProtectedText(Full.ToJsonString(JsonSerializerOptions.Default));
}

/// <summary>
/// Reads <c>webhook_config</c>. A key that is left out of a new item is made up, and told once; in a whole object its
/// absence keeps what is there.
/// </summary>
internal static class WebhookConfigs
{
    private const int MostItems = 20;
    private const int KeyBytes = 32;

    private static readonly string[] Events = ["TicketCreated", "TicketUpdated", "TicketDeleted", "TicketCommentCreated", "TicketCommentDeleted"];

    public static WebhookConfig? Read(JsonFields fields, bool isNew)
    {
        if (fields.Object("webhook_config") is not { } config)
        {
            return null;
        }

        var shown = new JsonObject();
        var full = new JsonObject();
        var hasKeys = false;
        if (config.Text("provider_key") is { } providerKey)
        {
            full["provider_key"] = providerKey;
            hasKeys = true;
        }

        JsonArray shownItems = [], fullItems = [];
        if (config.Any("items") is not { ValueKind: JsonValueKind.Array } items || items.GetArrayLength() > MostItems)
        {
            config.Reject("items", $"must be an array of at most {MostItems} objects");
        }
        else
        {
            foreach (var (item, i) in items.EnumerateArray().Select((item, i) => (item, i)))
            {
                if (config.Item("items", i, item) is { } read && ReadItem(read, isNew) is var (one, key))
                {
                    shownItems.Add(one);
                    var whole = one.DeepClone().AsObject();
                    whole["integrator_key"] = key;
                    hasKeys |= key is not null;
                    fullItems.Add((JsonNode)whole);
                }
            }
        }

        config.RefuseUnknown();
        shown["items"] = shownItems;
        full["items"] = fullItems;
        return new WebhookConfig(shown, hasKeys ? full : null);
    }

    private static (JsonObject Item, string? Key)? ReadItem(JsonFields fields, bool isNew)
    {
        var url = fields.Text("webhook_url", required: true);
        if (url is not null
            && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http"))
        {
            fields.Reject("webhook_url", "must be an absolute URL");
        }
        else if (url is not null && CredentialReader.IsUrlWithUser(url))
        {
            fields.Errors.Add(
                new RequestError($"{fields.Pointer}/webhook_url", "body", "holds a user or a password"));
        }

        var events = fields.Texts("event_filter", allowEmpty: true);
        if (events?.Any(e => !Events.Contains(e)) == true)
        {
            fields.Reject("event_filter", $"must hold some of {string.Join(", ", Events)}");
        }

        var key = fields.Text("integrator_key")
            ?? (isNew ? Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)) : null);
        fields.RefuseUnknown();
        if (url is null)
        {
            return null;
        }

        var item = new JsonObject { ["webhook_url"] = url };
        if (events is not null)
        {
            item["event_filter"] = new JsonArray([.. events.Select(e => JsonValue.Create(e))]);
        }

        return (item, key);
    }
}
