using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using TokenActors.Domain.Secrets;

namespace TokenActors.Mcp.Foundation;

/// <summary>
/// Masks what looks like a secret in the answer of a tool. No tool has one; but people put secrets into names, labels
/// and descriptions, and what a model reads leaves the house.
/// </summary>
internal static class Secrecy
{
    public static CallToolResult Masked(CallToolResult result)
    {
        foreach (var text in result.Content.OfType<TextContentBlock>())
        {
            text.Text = SecretScan.Mask(text.Text);
        }

        if (result.StructuredContent is { } content && SecretScan.Holds(content.GetRawText()))
        {
            result.StructuredContent = JsonSerializer.SerializeToElement(Masked(JsonNode.Parse(content.GetRawText())));
        }

        return result;
    }

    private static JsonNode? Masked(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field =>
            KeyValuePair.Create(SecretScan.Mask(field.Key), Masked(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Masked)]),
        JsonValue value when value.TryGetValue(out string? text) => JsonValue.Create(SecretScan.Mask(text)),
        _ => node?.DeepClone(),
    };
}
