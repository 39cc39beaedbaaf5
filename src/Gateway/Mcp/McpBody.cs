using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Mcp;

/// <summary>
/// The message of a request, in UTF-8 and without a mark of byte order: what is asked here is what the protocol reads
/// after it, in whichever encoding the client sent it.
/// </summary>
internal static class McpBody
{
    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8), ([0xFF, 0xFE, 0, 0], Encoding.UTF32), ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    /// <summary>
    /// The tool that a request calls; null for all else, and for what the protocol refuses by itself.
    /// </summary>
    public static async ValueTask<string?> CalledTool(ApiRequest request)
    {
        var http = request.Http.Request;
        var (body, isDecoded) = Decoded(await request.Body(), http.ContentType);
        http.Body = new MemoryStream(body, writable: false);
        if (isDecoded)
        {
            (http.ContentType, http.ContentLength) = ("application/json; charset=utf-8", body.Length);
        }

        try
        {
            using var message = JsonDocument.Parse(body);
            return message.RootElement is { ValueKind: JsonValueKind.Object } call
                && call.TryGetProperty("method", out var method) && method.ValueEquals("tools/call")
                && call.TryGetProperty("params", out var given) && given.ValueKind == JsonValueKind.Object
                && given.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                    ? name.GetString()
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (byte[] Body, bool IsDecoded) Decoded(byte[] body, string? contentType)
    {
        foreach (var (mark, encoding) in Marks)
        {
            if (body.AsSpan().StartsWith(mark))
            {
                return (Encoding.Convert(encoding, Encoding.UTF8, body, mark.Length, body.Length - mark.Length), true);
            }
        }

        return Named(contentType) is { } named && named.CodePage != Encoding.UTF8.CodePage
            ? (Encoding.Convert(named, Encoding.UTF8, body), true)
            : (body, false);
    }

    /// <summary>The encoding that a content type names; null where it names none that is known.</summary>
    private static Encoding? Named(string? contentType)
    {
        try
        {
            return MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Charset is { Length: > 0 } charset
                ? Encoding.GetEncoding(HeaderUtilities.RemoveQuotes(charset).ToString())
                : null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
