using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson;
using Microsoft.AspNetCore.JsonPatch.SystemTextJson.Exceptions;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Applies the operations of one JSON Patch (RFC 6902) to an object, within bounds that are checked before each
/// operation: <c>copy</c> can double what is there, so that twenty operations of 40 bytes could ask for a gigabyte.
/// </summary>
/// <param name="target">changed in place, perhaps in part where an operation fails</param>
/// <param name="fields">the fields that the object may have</param>
internal sealed class BoundedPatch(JsonObject target, IReadOnlyCollection<string> fields)
{
    /// <summary>Bytes of JSON that all copies of a patch may add.</summary>
    private const int MostCopied = 1024 * 1024;

    /// <summary>How deep values may lie in each other; what a request may hold at all is as deep.</summary>
    private const int Deepest = 64;

    private int _copied;

    /// <summary>Applies one operation whose form was checked. Null, or why it does not apply.</summary>
    public string? Apply(JsonObject operation)
    {
        var path = TextOf(operation, "path");
        var adds = TextOf(operation, "op") is "add" or "copy" or "move";
        if (path.Split('/').Length > Deepest)
        {
            return "lies too deep";
        }

        if (adds && !fields.Contains(Unescape(path.Split('/')[1])))
        {
            return "is not a field of this object";
        }

        if (!NamesPlace(path, mayBeNew: adds)
            || (TextOf(operation, "op") is "copy" or "move" && !NamesPlace(TextOf(operation, "from"), mayBeNew: false)))
        {
            return "names no place of a list";
        }

        try
        {
            var asked = TextOf(operation, "op") == "copy" ? AsAdd(operation, path) : operation;
            if (asked is null)
            {
                return $"would make more than {MostCopied / 1024} KiB";
            }

            JsonSerializer.Deserialize<JsonPatchDocument>(new JsonArray(asked.DeepClone()))?.ApplyTo(target);
            return null;
        }
        catch (Exception e) when (e is JsonPatchException or JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            return e.Message;
        }
    }

    /// <summary>
    /// Places of lists are written as RFC 6901 4 says, which the library does not ask: without a zero before them, and
    /// without blanks or signs. <c>-</c> is the place after the last, where nothing is yet: to the library it is the
    /// last.
    /// </summary>
    private bool NamesPlace(string path, bool mayBeNew)
    {
        JsonNode? node = target;
        string[] parts = [.. path.Split('/').Skip(1).Select(Unescape)];
        foreach (var (i, part) in parts.Index())
        {
            switch (node)
            {
                case JsonArray array when IsPlace(part, out var place):
                    node = place < array.Count ? array[place] : null;
                    break;
                case JsonArray:
                    return mayBeNew && part == "-" && i == parts.Length - 1;
                default:
                    node = (node as JsonObject)?[part];
                    break;
            }
        }

        return true;
    }

    private static bool IsPlace(string part, out int place) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out place) && part is "0" or [not '0', ..];

    /// <summary>Whether some operation is about a field, beyond testing it.</summary>
    public static bool Changes(IEnumerable<JsonObject> operations, string field) => operations.Any(
        operation => TextOf(operation, "path").StartsWith($"/{field}", StringComparison.Ordinal)
            && TextOf(operation, "op") != "test");

    public static string TextOf(JsonObject operation, string name) =>
        operation[name] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    /// <summary>The patched object as it is read next; null where it lies too deep to be read.</summary>
    public JsonElement? Outcome()
    {
        try
        {
            return JsonSerializer.SerializeToElement<JsonNode>(target);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// A copy as the addition of what it copies, since the library would put the very node in the second place, which
    /// no tree of nodes allows. Null where the copies of the patch would be too large together.
    /// </summary>
    private JsonObject? AsAdd(JsonObject operation, string path)
    {
        var source = At(target, TextOf(operation, "from"));
        _copied += source?.ToJsonString().Length ?? 0;
        return _copied <= MostCopied
            ? new JsonObject { ["op"] = "add", ["path"] = path, ["value"] = source?.DeepClone() }
            : null;
    }

    /// <summary>What a JSON Pointer (RFC 6901) leads to.</summary>
    /// <exception cref="ArgumentException">nothing</exception>
    private static JsonNode? At(JsonNode? node, string pointer)
    {
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = Unescape(part);
            node = node switch
            {
                JsonObject obj when obj.TryGetPropertyValue(name, out var inner) => inner,
                JsonArray array when IsPlace(name, out var index) && index < array.Count => array[index],
                _ => throw new ArgumentException($"'{pointer}' leads to nothing", nameof(pointer)),
            };
        }

        return node;
    }

    private static string Unescape(string part) =>
        part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}
