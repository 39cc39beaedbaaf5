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
        byte[] body, [NotNullWhen(true)] out JsonFields? fields, [NotNullWhen(false)] out RequestError? error)
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

    /// <summary>Any JSON value; an absent body is <c>{}</c>. A mark of byte order before it is read over.</summary>
    public static bool TryParseAny(byte[] body, out JsonElement element, [NotNullWhen(false)] out RequestError? error)
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

        error = ProblemWithNames(element, "");
        return error is null;
    }

    /// <summary>
    /// The first field that an object has twice, of which one reader would take this and another that; or whose name is
    /// no text: an escaped half of a surrogate pair.
    /// </summary>
    private static RequestError? ProblemWithNames(JsonElement element, string pointer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                HashSet<string> names = [];
                foreach (var property in element.EnumerateObject())
                {
                    if (NameOf(property) is not { } name)
                    {
                        return new RequestError(pointer, "body", "has a field whose name is no text");
                    }

                    if (!names.Add(name))
                    {
                        return new RequestError(Below(pointer, name), "body", "is given twice");
                    }

                    if (IsNested(property.Value) && ProblemWithNames(property.Value, Below(pointer, name)) is { } error)
                    {
                        return error;
                    }
                }

                return null;
            case JsonValueKind.Array:
                foreach (var (i, item) in element.EnumerateArray().Index())
                {
                    if (IsNested(item) && ProblemWithNames(item, $"{pointer}/{i}") is { } error)
                    {
                        return error;
                    }
                }

                return null;
            default:
                return null;
        }
    }

    private static bool IsNested(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A JSON Pointer (RFC 6901) to a field.</summary>
    private static string Below(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
