using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenActors.Client.Http;

/// <summary>Reads the error bodies of both APIs: problem details, and the Management API's own
/// <c>Problem</c>.</summary>
internal static class Problems
{
    private static readonly JsonDocumentOptions OneFieldOfAName = new() { AllowDuplicateProperties = false };

    public static TokenActorsException Of(ApiAnswer answer)
    {
        try
        {
            return Of(answer, JsonNode.Parse(answer.Body, nodeOptions: null, OneFieldOfAName) as JsonObject);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, say, or a text that is no UTF-8: its status is all that is known.
            return Of(answer, body: null);
        }
    }

    private static CallFailedException Of(ApiAnswer answer, JsonObject? body) =>
        new(MessageOf(body) ?? $"The service answered {(int)answer.Status}.")
        {
            Status = answer.Status,
            ProblemType = Text(body, "type"),
            Instance = Text(body, "instance"),
            Errors = ErrorsOf(body),
            RetryAfter = answer.RetryAfter,
        };

    private static string? MessageOf(JsonObject? body)
    {
        var parts = new[] { Text(body, "message"), Text(body, "detail") }.Where(text => !string.IsNullOrEmpty(text));
        return string.Join(' ', parts) is { Length: > 0 } message ? message : null;
    }

    private static ProblemError[] ErrorsOf(JsonObject? body) =>
    [
        .. Items(body, "errors").Select(error =>
            new ProblemError(Text(error, "detail") ?? "", Text(error, "pointer"), Text(error, "parameter"))),
        .. Items(body, "cause").Select(OfCause),
    ];

    private static ProblemError OfCause(JsonObject cause)
    {
        var parameter = (cause["context"] as JsonObject)?["parameter"] as JsonObject;
        var id = Text(parameter, "id");
        var isBody = Text(parameter, "location") == "body";
        return new ProblemError(Text(cause, "message") ?? "", isBody ? id : null, isBody ? null : id);
    }

    private static IEnumerable<JsonObject> Items(JsonObject? body, string name) =>
        (body?[name] as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string? Text(JsonObject? body, string name) =>
        body?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
