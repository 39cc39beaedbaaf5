using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace TokenActors.Gateway.Http;

/// <summary>The raw body of a request, and the JSON in it.</summary>
internal static class RequestBody
{
    public static async Task<byte[]> ReadBytes(HttpContext http)
    {
        if (http.Request.ContentLength == 0)
        {
            return [];
        }

        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    /// <summary>An object; an absent body is <c>{}</c>.</summary>
    public static bool TryParse(byte[] body, [NotNullWhen(true)] out JsonFields? fields, [NotNullWhen(false)] out RequestError? error)
    {
        fields = null;
        if (!TryParseAny(body, out var element, out error))
        {
            return false;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            error = new RequestError("", "body", "must be a JSON object");
            return false;
        }

        fields = new JsonFields("", element, []);
        return true;
    }

    /// <summary>Any JSON value; an absent body is <c>{}</c>.</summary>
    public static bool TryParseAny(byte[] body, out JsonElement element, [NotNullWhen(false)] out RequestError? error)
    {
        try
        {
            using var document = JsonDocument.Parse(
                body.Length == 0 ? "{}"u8.ToArray() : body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            (element, error) = (document.RootElement.Clone(), null);
            return true;
        }
        catch (JsonException e)
        {
            element = default;
            error = new RequestError("", "body", $"is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
            return false;
        }
    }
}
