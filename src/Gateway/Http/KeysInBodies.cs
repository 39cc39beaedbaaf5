using System.Text.Json;
using TokenActors.Domain.Imports;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Refuses bodies with an imported key of the organization in a field that is shown as it was given: whoever sees the
/// thing would see the key. Fields that keys are meant for, as those of a report of leaks, are passed over.
/// </summary>
internal static class KeysInBodies
{
    private const string Labels = "labels";

    /// <summary>Where LaunchDarkly's clients put a JSON Patch that has a comment.</summary>
    private const string Patch = "patch";

    /// <summary>What is wrong with the body of a request; null where nothing is, and where the organization has no
    /// schemes.</summary>
    public static async ValueTask<ApiError?> Problem(ApiRequest request)
    {
        if (request.Keys is not { } keys
            || request.Http.GetEndpoint()?.Metadata.GetMetadata<BodyMetadata>() is not { ContentType: "application/json" }
            || !RequestBody.TryParseAny(await request.Body(), out var body, out _))
        {
            return null;
        }

        var errors = In(body, keys).ToList();
        return errors.Count > 0 ? ApiError.Invalid(errors) : null;
    }

    /// <summary>Every shown field of an object with a key in it, or of the operations of a JSON Patch.</summary>
    public static IEnumerable<RequestError> In(JsonElement body, ImportedKeyScan keys) => body.ValueKind switch
    {
        JsonValueKind.Object when body.TryGetProperty(Patch, out var patch) && patch.ValueKind == JsonValueKind.Array =>
            OfFields(body, "", keys).Concat(OfItems(patch, $"/{Patch}", keys)),
        JsonValueKind.Object => OfFields(body, "", keys),
        JsonValueKind.Array => OfItems(body, "", keys),
        _ => [],
    };

    private static IEnumerable<RequestError> OfItems(JsonElement list, string pointer, ImportedKeyScan keys) =>
        list.EnumerateArray().Index()
            .Where(item => item.Item.ValueKind == JsonValueKind.Object)
            .SelectMany(item => OfFields(item.Item, $"{pointer}/{item.Index}", keys));

    private static IEnumerable<RequestError> OfFields(JsonElement body, string pointer, ImportedKeyScan keys) =>
        body.EnumerateObject()
            .Where(field => IsShown(field.Name) || IsPatchOfShown(body, field.Name))
            .SelectMany(field => OfValue(field.Value, $"{pointer}/{field.Name}", keys));

    private static IEnumerable<RequestError> OfValue(JsonElement value, string pointer, ImportedKeyScan keys) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Index()
            .SelectMany(item => OfValue(item.Item, $"{pointer}/{item.Index}", keys)),
        JsonValueKind.String when RequestError.TextOf(value) is { } text && keys.SchemeIn(text) is { } scheme =>
            [new RequestError(pointer, "body", $"must not hold a key, as one of the import scheme {scheme.Name}")],
        _ => [],
    };

    private static bool IsShown(string name) => name == Labels || JsonFields.IsShown(name);

    /// <summary>The value of an operation of a JSON Patch (RFC 6902) on a shown field.</summary>
    private static bool IsPatchOfShown(JsonElement operation, string name) =>
        name == "value" && operation.TryGetProperty("path", out var path) && path.ValueKind == JsonValueKind.String
        && RequestError.TextOf(path)?.Split('/') is ["", var field, ..] && IsShown(field);
}
