using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using TokenActors.Domain.Secrets;

namespace TokenActors.Mcp.Foundation;

/// <summary>
/// Masks what looks like a secret in the answer of a tool, leaf by leaf. No tool has one; but people put secrets into
/// names, labels and descriptions, and what a model reads leaves the house.
/// </summary>
internal static class Secrecy
{
    public static CallToolResult Masked(CallToolResult result)
    {
        foreach (var text in result.Content.OfType<TextContentBlock>())
        {
            text.Text = Masked(text.Text);
        }

        if (result.StructuredContent is { } content)
        {
            result.StructuredContent = JsonSerializer.SerializeToElement(Masked(JsonNode.Parse(content.GetRawText())));
        }

        return result;
    }

    /// <summary>
    /// JSON stays JSON: a secret that is written with escapes is one in its leaf alone, and a leaf that is decoded
    /// within the whole text would break it.
    /// </summary>
    private static string Masked(string text)
    {
        if (Parsed(text) is not { } node)
        {
            return SecretScan.Mask(text);
        }

        var masked = Masked(node);
        return JsonNode.DeepEquals(node, masked) ? text : masked?.ToJsonString(ToolJson.Options) ?? "";
    }

    private static JsonNode? Parsed(string text)
    {
        try
        {
            return text.TrimStart() is ['{' or '[', ..] ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Masked(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                JsonObject masked = [];
                foreach (var (name, value) in fields)
                {
                    // Two secrets may look alike once they are masked.
                    masked[SecretScan.Mask(name)] = Masked(value);
                }

                return masked;
            case JsonArray items:
                return new JsonArray([.. items.Select(Masked)]);
            case JsonValue value when value.TryGetValue(out string? text):
                return JsonValue.Create(SecretScan.Mask(text));
            default:
                return node?.DeepClone();
        }
    }
}
