using System.Text.Json;

namespace TokenActors.Gateway.Http;

/// <summary>The raw body of a request: read once, at most 1 MiB (Kestrel's limit answers 413 before).</summary>
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
    public static (JsonFields? Fields, RequestError? Error) Parse(byte[] body)
    {
        var (element, error) = ParseAny(body);
        return error is not null ? (null, error)
            : element.ValueKind == JsonValueKind.Object ? (new JsonFields("", element, []), null)
            : (null, new RequestError("", "body", "must be a JSON object"));
    }

    /// <summary>Any JSON value; an absent body is <c>{}</c>.</summary>
    public static (JsonElement Element, RequestError? Error) ParseAny(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(
                body.Length == 0 ? "{}"u8.ToArray() : body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return (default, new RequestError("", "body", $"is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})"));
        }
    }
}
