using System.Text.Json.Nodes;

namespace TokenActors.Domain.Integrations;

/// <summary>Configurations of providers as answers and events show them.</summary>
public static class ShownConfigs
{
    /// <summary>
    /// A configuration as it is shown. Where the catalogue calls a field a credential, rows of before may hold its
    /// text.
    /// </summary>
    public static JsonNode Of(string type, string config)
    {
        var shown = JsonNode.Parse(config) as JsonObject ?? [];
        foreach (var field in ProviderCatalog.Find(type)?.Fields ?? [])
        {
            if (field.Kind == ProviderFieldKind.Credential && shown[field.Name] is JsonValue)
            {
                shown[field.Name] = new JsonObject { ["type"] = "secret" };
            }
        }

        return shown;
    }
}
