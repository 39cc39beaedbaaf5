using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>One operation of a JSON Patch (RFC 6902).</summary>
internal sealed record PatchOperation(string Op, string Path, string? From, JsonElement? Value);

/// <summary>
/// A JSON Patch (RFC 6902) as a request of the Management API: an array of operations under plain
/// <c>application/json</c>, applied to an object as clients see it. 400 with a JSON Pointer into the patch for what is
/// malformed or does not apply, 409 for a <c>test</c> that fails.
/// </summary>
internal sealed class JsonPatch : IRequestPart, IBindableFromHttpContext<JsonPatch>, IEndpointParameterMetadataProvider
{
    private const int MostAttempts = 4;

    private readonly List<JsonObject> _operations = [];

    public static ValueTask<JsonPatch?> BindAsync(HttpContext context, ParameterInfo parameter) => new(new JsonPatch());

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(IReadOnlyList<PatchOperation>), IsPatch: true));

    public async ValueTask<ApiError?> Read(ApiRequest request)
    {
        if (!RequestBody.TryParseAny(await request.Body(), out var element, out var error))
        {
            return ApiError.Invalid([error]);
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            return ApiError.Invalid([new RequestError("", "body", "must be an array of patch operations (RFC 6902)")]);
        }

        List<RequestError> errors = [];
        foreach (var (i, item) in element.EnumerateArray().Index())
        {
            if (Mistake(item) is var (field, message))
            {
                errors.Add(new RequestError($"/{i}{field}", "body", message));
            }
            else if (JsonObject.Create(item) is { } operation)
            {
                _operations.Add(operation);
            }
        }

        return errors.Count > 0 ? ApiError.Invalid(errors) : null;
    }

    /// <summary>
    /// Applies the patch to a thing as it is shown, and stores the outcome only on the version that it was made from;
    /// tries again where the thing was changed meanwhile.
    /// </summary>
    /// <param name="find">reads the thing</param>
    /// <param name="show">the thing as clients see it</param>
    /// <param name="type">how that is written</param>
    /// <param name="replace">stores the fields of the outcome; null where the thing was changed since it was
    /// read</param>
    /// <param name="changed">the answer where it was changed every time</param>
    public async Task<Results<TOk, Refusal>> Apply<T, TWire, TOk>(
        Func<Task<Outcome<T>>> find, Func<T, TWire> show, JsonTypeInfo<TWire> type, Func<T, JsonFields, Task<Results<TOk, Refusal>?>> replace, Refusal changed)
        where T : class
        where TOk : IResult
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var current = await find();
            if (!current.IsSuccess)
            {
                return current.Refusal;
            }

            if (JsonSerializer.SerializeToNode(show(current.Value), type) is not JsonObject shown)
            {
                throw new InvalidOperationException($"{typeof(TWire).Name} is not shown as an object");
            }

            var patched = ApplyTo(shown, [.. type.Properties.Select(property => property.Name)]);
            if (!patched.IsSuccess)
            {
                return patched.Refusal;
            }

            if (await replace(current.Value, patched.Value) is { } answer)
            {
                return answer;
            }
        }

        return changed;
    }

    /// <summary>The fields of the patched object, or why it cannot be patched.</summary>
    private Outcome<JsonFields> ApplyTo(JsonObject shown, IReadOnlyCollection<string> fields)
    {
        var patch = new BoundedPatch(shown, fields);
        foreach (var (i, operation) in _operations.Index())
        {
            if (patch.Apply(operation) is not null)
            {
                return BoundedPatch.TextOf(operation, "op") == "test"
                    ? Problems.Conflict("patch-test-failed", $"The test of operation {i} failed.")
                    : Problems.Invalid($"/{i}/path", "body", "leads to nothing that the operation can be applied to");
            }
        }

        if (patch.Outcome() is not { } outcome)
        {
            return Problems.Invalid("", "body", "makes an object that lies too deep");
        }

        return BodyRules.ProblemWith(outcome, "") is { } problem
            ? Problems.Invalid([problem])
            : new JsonFields("", outcome, []);
    }

    private static (string Field, string Message)? Mistake(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return ("", "must be an object");
        }

        string? op = TextOf(item, "op"), path = TextOf(item, "path"), from = TextOf(item, "from");
        return (op, path, from) switch
        {
            (not ("add" or "remove" or "replace" or "move" or "copy" or "test"), _, _) =>
                ("/op", "must be add, remove, replace, move, copy or test"),
            (_, not ['/', _, ..], _) => ("/path", "must be a JSON Pointer to a field"),
            ("move" or "copy", _, not ['/', _, ..]) => ("/from", "must be a JSON Pointer to a field"),
            ("add" or "replace" or "test", _, _) when !item.TryGetProperty("value", out _) => ("/value", "is required"),
            _ => null,
        };
    }

    private static string? TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? RequestError.TextOf(value)
            : null;
}
