using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson.Exceptions;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>
/// A JSON Patch (RFC 6902) as a request of the Management API: an array of operations under plain <c>application/json</c>, applied to an
/// object as clients see it. 400 with a JSON Pointer into the patch for what is malformed or does not apply, 409 for a <c>test</c> that fails.
/// </summary>
internal sealed class PatchRequest
{
    private const int MostOperations = 100;

    private readonly List<JsonObject> _operations;

    private PatchRequest(List<JsonObject> operations) => _operations = operations;

    public static async Task<(PatchRequest? Request, IResult? Problem)> Read(HttpContext http)
    {
        var body = await http.Body();
        if (body.Length > 0 && !http.Request.HasJsonContentType())
        {
            return (null, ProblemResults.Of(http, StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body must be application/json."));
        }

        var (element, error) = RequestBody.ParseAny(body);
        if (error is not null)
        {
            return (null, ProblemResults.Invalid(http, [error]));
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() > MostOperations)
        {
            return (null, ProblemResults.Invalid(http, "", "body", $"must be an array of at most {MostOperations} patch operations (RFC 6902)"));
        }

        List<RequestError> errors = [];
        List<JsonObject> operations = [];
        foreach (var (item, i) in element.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (Mistake(item) is var (field, message))
            {
                errors.Add(new RequestError($"/{i}{field}", "body", message));
            }
            else
            {
                operations.Add(JsonNode.Parse(item.GetRawText())!.AsObject());
            }
        }

        return errors.Count > 0 ? (null, ProblemResults.Invalid(http, errors)) : (new PatchRequest(operations), null);
    }

    /// <summary>The object with all operations applied, or what to answer instead.</summary>
    public (JsonObject? Patched, IResult? Problem) ApplyTo(HttpContext http, JsonObject target)
    {
        foreach (var (operation, i) in _operations.Select((operation, i) => (operation, i)))
        {
            if (!TryApply(operation, target, out _))
            {
                return (null, (string?)operation["op"] == "test"
                    ? ProblemResults.Conflict(http, "patch-test-failed", $"The test of operation {i} failed.")
                    : ProblemResults.Invalid(http, $"/{i}/path", "body", "leads to nothing that the operation can be applied to"));
            }
        }

        return (target, null);
    }

    /// <summary>Applies one operation, of which <see cref="Read"/> or the caller has checked the form.</summary>
    /// <param name="operation">of RFC 6902</param>
    /// <param name="target">changed in place, perhaps in part where it is false</param>
    /// <param name="problem">why it does not apply</param>
    public static bool TryApply(JsonObject operation, JsonObject target, out string problem)
    {
        try
        {
            var asked = operation;
            if ((string?)operation["op"] == "copy")
            {
                // The library puts the very node in the second place, which no tree of nodes allows.
                asked = new JsonObject
                {
                    ["op"] = "add", ["path"] = (string)operation["path"]!, ["value"] = At(target, (string)operation["from"]!)?.DeepClone(),
                };
            }

            JsonSerializer.Deserialize<JsonPatchDocument>(new JsonArray(asked.DeepClone()))!.ApplyTo(target);
            problem = "";
            return true;
        }
        catch (Exception e) when (e is JsonPatchException or JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <summary>What a JSON Pointer (RFC 6901) leads to.</summary>
    /// <exception cref="ArgumentException">nothing</exception>
    private static JsonNode? At(JsonNode? node, string pointer)
    {
        foreach (var part in pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            node = node switch
            {
                JsonObject obj when obj.TryGetPropertyValue(part, out var inner) => inner,
                JsonArray array when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < array.Count => array[index],
                _ => throw new ArgumentException($"'{pointer}' leads to nothing", nameof(pointer)),
            };
        }

        return node;
    }

    private static (string Field, string Message)? Mistake(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return ("", "must be an object");
        }

        string? op = TextOf(item, "op"), path = TextOf(item, "path"), from = TextOf(item, "from");
        return op is not ("add" or "remove" or "replace" or "move" or "copy" or "test") ? ("/op", "must be add, remove, replace, move, copy or test")
            : path is not { Length: > 1 } || path[0] != '/' ? ("/path", "must be a JSON Pointer to a field")
            : op is "move" or "copy" && (from is not { Length: > 1 } || from[0] != '/') ? ("/from", "must be a JSON Pointer to a field")
            : op is "add" or "replace" or "test" && !item.TryGetProperty("value", out _) ? ("/value", "is required")
            : null;
    }

    private static string? TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? RequestError.TextOf(value) : null;
}
