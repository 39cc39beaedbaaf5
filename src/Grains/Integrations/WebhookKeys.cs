using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Secrets;

namespace TokenActors.Grains.Integrations;

/// <summary>
/// The keys of an integration's webhooks, as they are encrypted: <c>{provider_key, items: [{webhook_url,
/// integrator_key}]}</c>.
/// </summary>
internal static class WebhookKeys
{
    private const string ProviderKey = "provider_key";
    private const string IntegratorKey = "integrator_key";
    private const string Url = "webhook_url";

    /// <summary>What a change gives, with the keys that it leaves out as they were: those of an item by its
    /// URL.</summary>
    public static ProtectedText Merge(ProtectedText given, ProtectedText before)
    {
        var (next, known) = (Read(given), Read(before));
        next[ProviderKey] ??= known[ProviderKey]?.DeepClone();
        var left = Items(known).ToList();
        foreach (var item in Items(next).Where(item => item[IntegratorKey] is null))
        {
            if (left.Find(other => (string?)other[Url] == (string?)item[Url]) is { } same)
            {
                item[IntegratorKey] = same[IntegratorKey]?.DeepClone();
                left.Remove(same);
            }
        }

        return new ProtectedText(next.ToJsonString(JsonSerializerOptions.Default));
    }

    private static JsonObject Read(ProtectedText keys) => JsonNode.Parse(keys.Reveal())?.AsObject() ?? [];

    private static IEnumerable<JsonObject> Items(JsonObject keys) =>
        keys["items"]?.AsArray().OfType<JsonObject>() ?? [];
}
