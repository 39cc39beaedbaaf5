using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Secrets;

namespace TokenActors.Gateway.Http;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Location"><c>body</c>, <c>query</c>, <c>path</c> or <c>header</c></param>
internal sealed record RequestError(string Id, string Location, string Message, JsonNode? Value = null)
{
    private const int LongestEcho = 100;

    /// <summary>Short plain values are shown back; whatever may hold a secret is not.</summary>
    public static JsonNode? Echo(string id, JsonElement value) =>
        id.EndsWith("secret", StringComparison.Ordinal) || value.GetRawText().Length > LongestEcho
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.String => TextOf(value) is { } text ? SecretScan.Mask(text) : null,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => JsonNode.Parse(value.GetRawText()),
                _ => null,
            };

    /// <summary>The text, or null where it holds what no text can: an escaped lone surrogate, or U+0000.</summary>
    public static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && StorableText.Is(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
