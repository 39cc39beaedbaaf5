using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>Where an integration's webhooks go.</summary>
/// <param name="Shown">without keys</param>
/// <param name="Full">with the keys that were given or made, shown once; null where there are none, and were
/// none</param>
internal sealed record WebhookConfig(JsonObject Shown, JsonObject? Full)
{
    public ProtectedText? Keys =>
        Full is null ? null : new ProtectedText(Full.ToJsonString(JsonSerializerOptions.Default));
}

/// <summary>
/// Reads <c>webhook_config</c>. A key that is left out is that of the item that had the URL before; where none had, it
/// is made up, and told once.
/// </summary>
internal static class WebhookConfigs
{
    private const int MostItems = 20;

    private static readonly string[] Events = ["TicketCreated", "TicketUpdated", "TicketDeleted", "TicketCommentCreated", "TicketCommentDeleted"];

    /// <param name="fields">of the integration</param>
    /// <param name="before">the configuration that it has, as it is shown; null: it has none</param>
    /// <param name="newKey">
    /// makes up the key of an item, by its place: 32 bytes, the same ones where a call is repeated under its
    /// idempotency key
    /// </param>
    public static WebhookConfig? Read(JsonFields fields, string? before, Func<int, byte[]> newKey)
    {
        if (fields.Object("webhook_config") is not { } config)
        {
            return null;
        }

        var shown = new JsonObject();
        var full = new JsonObject();
        var hasKeys = false;
        var known = UrlsOf(before);
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
                if (config.Item("items", i, item) is { } read
                    && ReadItem(read, known, () => newKey(i)) is var (one, key))
                {
                    shownItems.Add(one);
                    var whole = one.DeepClone().AsObject();
                    if (key is not null)
                    {
                        whole["integrator_key"] = key;
                        hasKeys = true;
                    }

                    fullItems.Add((JsonNode)whole);
                }
            }
        }

        config.RefuseUnknown();
        shown["items"] = shownItems;
        full["items"] = fullItems;
        return new WebhookConfig(shown, hasKeys || before is not null ? full : null);
    }

    private static List<string?> UrlsOf(string? config) => config is null || JsonNode.Parse(config)?["items"] is not JsonArray items
        ? []
        : [.. items.Select(item => (string?)item?["webhook_url"])];

    /// <summary>The URL of an item that keeps its key is taken from <paramref name="known"/>.</summary>
    private static (JsonObject Item, string? Key)? ReadItem(JsonFields fields, List<string?> known, Func<byte[]> newKey)
    {
        var url = fields.Text("webhook_url", required: true);
        if (url is not null
            && !(Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http"))
        {
            fields.Reject("webhook_url", "must be an absolute URL");
        }
        else if (url is not null && InlineSecrets.IsUrlWithUser(url))
        {
            fields.Errors.Add(
                new RequestError($"{fields.Pointer}/webhook_url", "body", "holds a user or a password"));
        }

        var events = fields.Texts("event_filter", allowEmpty: true);
        if (events?.Any(e => !Events.Contains(e)) == true)
        {
            fields.Reject("event_filter", $"must hold some of {string.Join(", ", Events)}");
        }

        var isKnown = known.Remove(url);
        var key = fields.Text("integrator_key")
            ?? (isKnown ? null : Convert.ToBase64String(newKey()));
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
