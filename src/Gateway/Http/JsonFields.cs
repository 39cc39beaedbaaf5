using System.Text.Json;
using TokenActors.Domain.Imports;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Reads the fields of a JSON object one by one and notes everything that is wrong: wrong types, missing and unknown
/// fields, text that cannot be stored. An explicit null is as good as absent.
/// </summary>
internal sealed class JsonFields(string pointer, JsonElement element, List<RequestError> errors)
{
    public const int LongestText = 1024;

    /// <summary>Fields that are shown as they were given.</summary>
    private static readonly string[] Shown =
        ["name", "fullname", "full_name", "nickname", "description", "contact", "label", "picture", "url"];

    private readonly HashSet<string> _known = [];

    /// <summary>What a field of this name holds is shown as it was given.</summary>
    public static bool IsShown(string name) => Shown.Contains(name);

    public List<RequestError> Errors => errors;

    /// <summary>The fields that were asked for, whether they are there or not.</summary>
    public IReadOnlyCollection<string> Known => _known;

    public string? Text(string name, bool required = false, int longest = LongestText, bool mayHoldSecret = false)
    {
        if (Take(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Wrong<string>(name, value, "must be a string");
        }

        if (RequestError.TextOf(value) is not { } text)
        {
            return Wrong<string>(name, value, "holds characters that cannot be stored");
        }

        if (text.Length > longest)
        {
            return Wrong<string>(name, value, $"must have at most {longest} characters");
        }

        // It would be shown to whoever sees the thing.
        return !mayHoldSecret && Shown.Contains(name) && SecretScan.Holds(text)
            ? Wrong<string>(name, value, "must not hold a secret")
            : text;
    }

    /// <summary>
    /// A list of texts, each once unless it <paramref name="mayRepeat"/>; whoever gives none is told of * where it
    /// <paramref name="mayBeAll"/>.
    /// </summary>
    public IReadOnlyList<string>? Texts(
        string name, bool required = false, bool allowEmpty = false, bool mayRepeat = false, bool mayBeAll = false)
    {
        if (Take(name, required) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return Wrong<IReadOnlyList<string>>(name, value, "must be an array of strings");
        }

        List<string> texts = [];
        foreach (var (item, i) in value.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (item.ValueKind != JsonValueKind.String
                || RequestError.TextOf(item) is not { Length: > 0 and <= LongestText } text)
            {
                return Wrong<IReadOnlyList<string>>($"{name}/{i}", item, "must be a string that is not empty");
            }

            texts.Add(text);
        }

        return texts.Count > 0 || allowEmpty
            ? [.. mayRepeat ? texts : texts.Distinct(StringComparer.Ordinal)]
            : Wrong<IReadOnlyList<string>>(
                name, value, mayBeAll ? "must not be empty; leave it out, or use *" : "must not be empty");
    }

    public bool? Flag(string name) => Take(name, required: false) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } value => value.GetBoolean(),
        { } value => Wrong<bool?>(name, value, "must be true or false"),
    };

    /// <summary>A whole number, also where it is written with a fraction of zero.</summary>
    public long? Number(string name) => Take(name, required: false) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDecimal(out var number) && decimal.IsInteger(number)
            && number is >= long.MinValue and <= long.MaxValue => (long)number,
        { } value => Wrong<long?>(name, value, "must be a whole number"),
    };

    /// <summary>An RFC 3339 time.</summary>
    public DateTimeOffset? Time(string name) => Take(name, required: false) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value when RequestError.TextOf(value) is { } text
            && Rfc3339.TryParse(text, out var time) => time,
        { } value => Wrong<DateTimeOffset?>(name, value, Rfc3339.Rule),
    };

    /// <summary>
    /// Until when a former secret is accepted. It may lie in the past; before the year 2000 it is a time that nobody
    /// set, and would end a secret at once.
    /// </summary>
    public DateTimeOffset? Deadline(string name)
    {
        var time = Time(name);
        if (time is { } given && given.ToUnixTimeMilliseconds() < Milliseconds.Earliest)
        {
            Reject(name, "must not be before the year 2000");
            return null;
        }

        return time;
    }

    /// <summary>A value of any form; null where it is absent.</summary>
    public JsonElement? Any(string name) => Take(name, required: false);

    public JsonFields? Object(string name, bool required = false) => Take(name, required) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => new JsonFields($"{pointer}/{name}", value, errors),
        { } value => Wrong<JsonFields>(name, value, "must be an object"),
    };

    /// <summary>One item of a list of objects.</summary>
    public JsonFields? Item(string name, int index, JsonElement item) => item.ValueKind == JsonValueKind.Object
        ? new JsonFields($"{pointer}/{name}/{index}", item, errors)
        : Wrong<JsonFields>($"{name}/{index}", item, "must be an object");

    /// <summary>JSON Pointer to the object.</summary>
    public string Pointer => pointer;

    public bool Has(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>It is there, be it null: a merge patch (RFC 7396) removes by null.</summary>
    public bool Mentions(string name) => element.TryGetProperty(name, out _);

    /// <summary>Nothing else stands in it.</summary>
    public bool HoldsOnly(string name) => element.EnumerateObject().All(property => property.Name == name);

    /// <summary>Notes fields that do not go with the others.</summary>
    public void Refuse(string what, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Any(name) is not null)
            {
                Reject(name, $"is no field of {what}");
            }
        }
    }

    /// <summary>Notes something else that is wrong with a field.</summary>
    public void Reject(string name, string message) =>
        errors.Add(new RequestError(
            $"{pointer}/{name}", "body", message, element.TryGetProperty(name, out var value)
                ? RequestError.Echo(name, value)
                : null));

    /// <summary>Notes shown fields with an imported key in them.</summary>
    public void RefuseKeys(ImportedKeyScan keys) =>
        errors.AddRange(KeysInBodies.In(element, keys).Select(error => error with { Id = pointer + error.Id }));

    /// <summary>
    /// After all fields are read: whatever else is there is unknown. A restriction that is ignored would make a wider
    /// token.
    /// </summary>
    public void RefuseUnknown()
    {
        foreach (var property in element.EnumerateObject().Where(property => !_known.Contains(property.Name)))
        {
            var name = property.Name.Replace("~", "~0", StringComparison.Ordinal)
                .Replace("/", "~1", StringComparison.Ordinal);
            errors.Add(new RequestError($"{pointer}/{name}", "body", "is not a field of this request"));
        }
    }

    private JsonElement? Take(string name, bool required)
    {
        _known.Add(name);
        if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (required)
        {
            errors.Add(new RequestError($"{pointer}/{name}", "body", "is required"));
        }

        return null;
    }

    private T? Wrong<T>(string name, JsonElement value, string message)
    {
        errors.Add(new RequestError($"{pointer}/{name}", "body", message, RequestError.Echo(name, value)));
        return default;
    }
}
