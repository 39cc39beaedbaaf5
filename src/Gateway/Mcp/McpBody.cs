using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using TokenActors.Gateway.Http;
using TokenActors.Mcp.Hosting;

namespace TokenActors.Gateway.Mcp;

/// <summary>What a message asks for.</summary>
/// <param name="Method">that it calls; null where it is none that the protocol could read</param>
/// <param name="Tool">the tool that it calls; null for all else</param>
/// <param name="Id">of the request, as JSON; null for a notification</param>
/// <param name="Problem">what is wrong with its parameters, in words; null where nothing is</param>
internal sealed record McpMessage(
    string? Method = null, string? Tool = null, string? Id = null, string? Problem = null);

/// <summary>
/// The message of a request, in UTF-8 and without a mark of byte order: what is asked here is what the protocol reads
/// after it, in whichever encoding the client sent it.
/// </summary>
internal static class McpBody
{
    private const string CallTool = "tools/call";

    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], Encoding.UTF8), ([0xFF, 0xFE, 0, 0], Encoding.UTF32), ([0xFF, 0xFE], Encoding.Unicode),
        ([0xFE, 0xFF], Encoding.BigEndianUnicode),
    ];

    /// <summary>What a request asks for; nothing where the protocol refuses it by itself.</summary>
    public static async ValueTask<McpMessage> Read(ApiRequest request)
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
                && call.TryGetProperty("method", out var method) && method.ValueKind == JsonValueKind.String
                && method.GetString() is { } name
                    ? MessageOf(name, call)
                    : new McpMessage();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new McpMessage();
        }
    }

    private static McpMessage MessageOf(string method, JsonElement call)
    {
        var parameters = call.TryGetProperty("params", out var given) ? given : default;
        var problem = RequestShapes.ProblemWith(method, parameters);
        return new(
            method,
            problem is null && method == CallTool ? parameters.GetProperty("name").GetString() : null,
            call.TryGetProperty("id", out var id) && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? id.GetRawText()
                : null,
            problem ?? (HasText(parameters) ? null : "a text of the parameters holds characters that no text has"));
    }

    /// <summary>Whether every text in it is one: half of a surrogate pair is not.</summary>
    private static bool HasText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => RequestError.TextOf(value) is not null,
        JsonValueKind.Array => value.EnumerateArray().All(HasText),
        JsonValueKind.Object => value.EnumerateObject().All(property => HasText(property.Value)),
        _ => true,
    };

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
