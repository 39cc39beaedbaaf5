using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;

namespace TokenActors.Gateway.Http;

/// <summary>The raw body of a request, and the JSON in it.</summary>
internal static class RequestBody
{
    /// <summary>A body that says that it is no longer gets its place at once; whoever says so and sends nothing holds
    /// no more.</summary>
    private const int LongestAtOnce = 64 * 1024;

    private static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>Collects a body in blocks that are lent, however long it is: Kestrel's limit stands before.</summary>
    private static readonly PipeOptions Collecting = new(
        pauseWriterThreshold: 0, minimumSegmentSize: LongestAtOnce, useSynchronizationContext: false);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Whether a body is compressed, say: nothing here reads one.</summary>
    public static bool IsEncoded(HttpRequest request) =>
        request.Headers.ContentEncoding.Any(
            coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>The bytes of a body, for which memory is taken once.</summary>
    /// <exception cref="BadHttpRequestException">the body is compressed (415)</exception>
    public static async Task<byte[]> ReadBytes(HttpContext http)
    {
        if (http.Request.ContentLength == 0)
        {
            return [];
        }

        if (IsEncoded(http.Request))
        {
            throw new BadHttpRequestException("a body is read as it is", StatusCodes.Status415UnsupportedMediaType);
        }

        if (http.Request.ContentLength is <= LongestAtOnce and var length)
        {
            var body = new byte[(int)length];
            var count = await http.Request.Body.ReadAtLeastAsync(
                body, body.Length, throwOnEndOfStream: false, http.RequestAborted);
            return count == body.Length ? body : body[..count];
        }

        var collected = new Pipe(Collecting);
        try
        {
            await http.Request.Body.CopyToAsync(collected.Writer, http.RequestAborted);
            await collected.Writer.CompleteAsync();
            return (await collected.Reader.ReadAsync(CancellationToken.None)).Buffer.ToArray();
        }
        finally
        {
            // Only after both does the pool have its blocks again.
            await collected.Writer.CompleteAsync();
            await collected.Reader.CompleteAsync();
        }
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
