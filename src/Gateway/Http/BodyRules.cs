using System.Runtime.InteropServices;
using System.Text.Json;

namespace TokenActors.Gateway.Http;

/// <summary>
/// What holds for every JSON body, whatever it is for: how many items a list has, how many fields an object, how long a
/// text is, and that no field stands twice. Checked before anything is read, so that no work grows with more.
/// </summary>
internal static class BodyRules
{
    /// <summary>Of a list, and of an object.</summary>
    public const int MostItems = 100;

    /// <summary>Bytes of a text as it is written. A private key or a certificate is the longest there is.</summary>
    public const int LongestText = 16 * 1024;

    /// <summary>
    /// The first thing that is wrong; null where nothing is. Nothing is asked of what stands in a
    /// <paramref name="freeField"/>.
    /// </summary>
    public static RequestError? ProblemWith(
        JsonElement element, string pointer, string? freeField = null) => element.ValueKind switch
        {
            JsonValueKind.Object => ProblemWithFields(element, pointer, freeField),
            JsonValueKind.Array => ProblemWithItems(element, pointer),
            JsonValueKind.String when IsTooLong(element) =>
                new RequestError(pointer, "body", $"must have at most {LongestText} bytes"),
            _ => null,
        };

    /// <summary>
    /// Of a field that an object has twice one reader would take this and another that; a name that is an escaped half
    /// of a surrogate pair is no text.
    /// </summary>
    private static RequestError? ProblemWithFields(JsonElement element, string pointer, string? freeField)
    {
        if (element.GetPropertyCount() > MostItems)
        {
            return new RequestError(pointer, "body", $"must have at most {MostItems} fields");
        }

        HashSet<string> names = [];
        foreach (var property in element.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                return new RequestError(pointer, "body", "has a field whose name is no text");
            }

            if (name.Length > LongestText)
            {
                return new RequestError(
                    pointer, "body", $"has a field whose name has more than {LongestText} characters");
            }

            if (!names.Add(name))
            {
                return new RequestError(Below(pointer, name), "body", "is given twice");
            }

            if (name != freeField && MayBreakRules(property.Value)
                && ProblemWith(property.Value, Below(pointer, name)) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static RequestError? ProblemWithItems(JsonElement element, string pointer)
    {
        if (element.GetArrayLength() > MostItems)
        {
            return new RequestError(pointer, "body", $"must have at most {MostItems} items");
        }

        foreach (var (i, item) in element.EnumerateArray().Index())
        {
            if (MayBreakRules(item) && ProblemWith(item, $"{pointer}/{i}") is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static bool MayBreakRules(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array => true,
        JsonValueKind.String => IsTooLong(value),
        _ => false,
    };

    /// <summary>Without its quotes.</summary>
    private static bool IsTooLong(JsonElement text) => JsonMarshal.GetRawUtf8Value(text).Length - 2 > LongestText;

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
