using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenActors.Client.Http;

/// <summary>Reads the error bodies of both APIs: problem details, and the Management API's own <c>Problem</c>.</summary>
internal static class Problems
{
    public static TokenActorsException Of(ApiAnswer answer)
    {
        var body = Read(answer.Body);
        return new CallFailedException(MessageOf(body) ?? $"The service answered {(int)answer.Status}.")
        {
            Status = answer.Status,
            ProblemType = Text(body, "type"),
            Instance = Text(body, "instance"),
            Errors = ErrorsOf(body),
            RetryAfter = answer.RetryAfter,
        };
    }

    private static JsonObject? Read(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            // A proxy's page, say: its status is all that is known.
            return null;
        }
    }

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
