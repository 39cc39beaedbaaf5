using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace TokenActors.Gateway.Http;

/// <summary>The raw body of a request, and the JSON in it.</summary>
internal static class RequestBody
{
    private static readonly byte[] Empty = "{}"u8.ToArray();

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="BadHttpRequestException">the body is compressed (415)</exception>
    public static async Task<byte[]> ReadBytes(HttpContext http)
    {
        if (http.Request.ContentLength == 0)
        {
            return [];
        }

        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding is not ["identity"])
        {
            throw new BadHttpRequestException("a body is read as it is", StatusCodes.Status415UnsupportedMediaType);
        }

        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    /// <summary>An object; an absent body is <c>{}</c>.</summary>
    public static bool TryParse(
        byte[] body, [NotNullWhen(true)] out JsonFields? fields, [NotNullWhen(false)] out RequestError? error,
        string? freeField = null)
    {
        fields = null;
        if (!TryParseAny(body, out var element, out error, freeField))
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

    /// <summary>Any JSON value; an absent body is <c>{}</c>. A mark of byte order before it is read over.</summary>
    public static bool TryParseAny(
        byte[] body, out JsonElement element, [NotNullWhen(false)] out RequestError? error, string? freeField = null)
    {
        element = default;
        var json = body.AsMemory(body.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0);
        if (!Utf8.IsValid(json.Span))
        {
            error = new RequestError("", "body", "is not valid UTF-8");
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json.IsEmpty ? Empty : json);
            element = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            error = new RequestError(
                "", "body", $"is not valid JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})");
            return false;
        }

        error = BodyRules.ProblemWith(element, "", freeField);
        return error is null;
    }
}
