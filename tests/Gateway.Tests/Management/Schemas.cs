using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Answers held against the schemas of an OpenAPI document.</summary>
internal static class Schemas
{
    /// <summary>
    /// What of a value does not fit a schema: required members that are missing, members that are not declared, wrong
    /// types.
    /// </summary>
    public static string Mismatch(JsonNode document, JsonNode schema, JsonNode? value, string path)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Mismatch(
                document, document["components"]!["schemas"]![reference[(reference.LastIndexOf('/') + 1)..]]!, value,
                path);
        }

        if (value is null)
        {
            return "";
        }

        if (schema["oneOf"] is JsonArray either)
        {
            var forms = either.Select(one => Mismatch(document, one!, value, path)).ToArray();
            return forms.Contains("") ? "" : $"{path} fits none of its forms: {string.Join("; ", forms)}";
        }

        var types = schema["type"] switch { JsonArray many => many.Select(t => (string)t!).ToArray(), JsonValue one => [(string)one!], _ => [] };
        switch (value)
        {
            case JsonArray array when types.Contains("array"):
                return First(array.Select((item, i) => Mismatch(document, schema["items"]!, item, $"{path}[{i}]")));
            case JsonObject obj when types.Contains("object") && schema["properties"] is JsonObject properties:
                return (schema["required"] as JsonArray ?? []).Select(r => (string)r!).FirstOrDefault(r => !obj.ContainsKey(r)) is { } missing ? $"{path}.{missing} is missing"
                    : obj.FirstOrDefault(p => !properties.ContainsKey(p.Key)).Key is { } strange ? $"{path}.{strange} is not declared"
                    : First(obj.Select(p => Mismatch(document, properties[p.Key]!, p.Value, $"{path}.{p.Key}")));
            case JsonObject obj when types.Contains("object") && schema["additionalProperties"] is JsonObject each:
                return First(obj.Select(p => Mismatch(document, each, p.Value, $"{path}.{p.Key}")));
            case JsonArray or JsonObject:
                return types.Length == 0 || types.Contains("object") ? "" : $"{path} is not {string.Join('|', types)}";
            default:
                var kind = value.GetValueKind() switch
                {
                    JsonValueKind.String => "string",
                    JsonValueKind.True or JsonValueKind.False => "boolean",
                    _ => "number",
                };
                return types.Length == 0 || types.Contains(kind) || (kind == "number" && types.Contains("integer"))
                    ? ""
                    : $"{path} is a {kind}, not {string.Join('|', types)}";
        }
    }

    private static string First(IEnumerable<string> mismatches) => mismatches.FirstOrDefault(one => one != "") ?? "";
}
