using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Credentials;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>
/// What <see cref="ProviderConfigs"/> takes of a provider, as a JSON schema (draft 2020-12), from the same catalogue. A
/// console can draw a form from it.
/// </summary>
internal static class ProviderSchemas
{
    private const string Credential = "credential";

    public static JsonObject Of(Provider provider)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = provider.FullName,
            ["type"] = "object",
            ["properties"] = new JsonObject([
                KeyValuePair.Create("type", (JsonNode?)new JsonObject { ["const"] = provider.Type }),
                .. provider.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Of(field.Kind))),
            ]),
            ["required"] = Names(["type", .. provider.Fields.Where(field => field.Required).Select(field => field.Name)]),
        };
        if (provider.Fields.Any(field => field.Kind == ProviderFieldKind.Credential))
        {
            schema["$defs"] = new JsonObject { [Credential] = Credentials() };
        }

        return schema;
    }

    private static JsonObject Of(ProviderFieldKind kind) => kind switch
    {
        ProviderFieldKind.Text => Text(JsonFields.LongestText),
        ProviderFieldKind.Flag => new JsonObject { ["type"] = "boolean" },
        ProviderFieldKind.Number => new JsonObject { ["type"] = "integer" },
        ProviderFieldKind.Texts => List(new JsonObject
        {
            ["type"] = "string", ["minLength"] = 1, ["maxLength"] = JsonFields.LongestText,
        }),
        ProviderFieldKind.List => List(items: null),
        ProviderFieldKind.Object => new JsonObject { ["type"] = "object", ["maxProperties"] = BodyRules.MostItems },
        ProviderFieldKind.Credential => new JsonObject { ["$ref"] = $"#/$defs/{Credential}" },
        ProviderFieldKind.Any => [],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Each type inline, and the reference to a stored one of it.</summary>
    private static JsonObject Credentials() => new()
    {
        ["oneOf"] = new JsonArray(
        [
            .. CredentialConfigs.TypeNames.Select(Inline),
            .. CredentialConfigs.TypeNames.Select(
                type => Variant($"{type}_id", [("value", Text(JsonFields.LongestText), true)])),
        ]),
    };

    private static JsonObject Inline(string type) => Variant(
        type,
        [
            .. CredentialConfigs.FieldsOf(type).Select(field => (field.Name, field.Kind switch
            {
                JsonValueKind.Number => new JsonObject { ["type"] = "integer" },
                JsonValueKind.Object => new JsonObject { ["type"] = "object" },
                _ => Text(CredentialConfigs.LongestSecret),
            }, field.Required)),
        ]);

    private static JsonObject Variant(string type, (string Name, JsonObject Schema, bool Required)[] fields) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject([
            KeyValuePair.Create("type", (JsonNode?)new JsonObject { ["const"] = type }),
            .. fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Schema)),
        ]),
        ["required"] = Names(["type", .. fields.Where(field => field.Required).Select(field => field.Name)]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Text(int longest) => new() { ["type"] = "string", ["maxLength"] = longest };

    private static JsonObject List(JsonObject? items)
    {
        var list = new JsonObject { ["type"] = "array", ["maxItems"] = BodyRules.MostItems };
        if (items is not null)
        {
            list["items"] = items;
        }

        return list;
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}
