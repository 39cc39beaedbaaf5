using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenActors.Grains.Webhooks;

/// <summary>The attempts of a delivery as they are stored: a JSON array, the newest last.</summary>
public static class AttemptLog
{
    private const int MostAttempts = 20;

    /// <summary>Nobody takes the text for HTML, and a page of an endpoint would be six times as long.</summary>
    private static readonly AttemptLogJson Json =
        new(new JsonSerializerOptions(AttemptLogJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>A log with one more attempt. Only the newest keeps the endpoint's answer.</summary>
    public static string With(string? log, DateTimeOffset at, AttemptResult result)
    {
        var attempt = new LoggedAttempt(
            at, result.Status, (long)result.Took.TotalMilliseconds, result.Error, result.Answer);
        var earlier = Read(log).Select(logged => logged with { Answer = null });
        return JsonSerializer.Serialize([.. earlier.TakeLast(MostAttempts - 1), attempt], Json.LoggedAttemptArray);
    }

    /// <summary>The attempts of a log, the newest last.</summary>
    public static IReadOnlyList<LoggedAttempt> Read(string? log) =>
        log is null ? [] : JsonSerializer.Deserialize(log, Json.LoggedAttemptArray) ?? [];
}

/// <summary>One attempt.</summary>
/// <param name="At">when it began</param>
/// <param name="Status">the HTTP status; null where there was no answer</param>
/// <param name="Ms">milliseconds that it took</param>
/// <param name="Error">why there was no answer</param>
/// <param name="Answer">the beginning of the answer's body</param>
public sealed record LoggedAttempt(DateTimeOffset At, int? Status, long Ms, string? Error, string? Answer);

[JsonSerializable(typeof(LoggedAttempt[]))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class AttemptLogJson : JsonSerializerContext;
