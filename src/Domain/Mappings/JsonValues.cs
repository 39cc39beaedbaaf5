using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TokenActors.Domain.Mappings;

/// <summary>
/// JSON as transforms see it: null, <see cref="bool"/>, <see cref="JsonNumber"/>, <see cref="string"/>, an array of
/// these, or an <see cref="OrderedDictionary{TKey, TValue}"/>. Values are never changed once they are made, so that
/// many may share a part.
/// </summary>
internal static class JsonValues
{
    /// <summary>Levels of a value that is compared or written, so that no recursion ends the process.</summary>
    public const int MostLevels = 60;

    /// <summary>What a writer costs before anything is written.</summary>
    private const int StepsOfWriter = 20;

    private static readonly JsonWriterOptions AsWritten = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="TransformException">a number or text that cannot be read</exception>
    public static object? Of(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var fields = new OrderedDictionary<string, object?>(element.GetPropertyCount(), StringComparer.Ordinal);
                foreach (var field in element.EnumerateObject())
                {
                    if (!fields.TryAdd(field.Name, Of(field.Value)))
                    {
                        throw new TransformException("has an object with a field that is given twice");
                    }
                }

                return fields;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Of).ToArray();
            case JsonValueKind.Number:
                return JsonNumber.Parse(element.GetRawText());
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    public static string TypeOf(object? value) => value switch
    {
        null => "null",
        bool => "boolean",
        JsonNumber => "number",
        string => "string",
        object?[] => "array",
        _ => "object",
    };

    /// <summary>Null, false and what is empty count as false.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or false or "" or object?[] { Length: 0 } or OrderedDictionary<string, object?> { Count: 0 } => false,
        _ => true,
    };

    /// <exception cref="TransformException">the budget is spent, or the values lie too deep</exception>
    public static bool AreEqual(object? left, object? right, TransformBudget budget, int levels = 0)
    {
        budget.Spend();
        DemandLevels(levels);
        switch (left, right)
        {
            case (null, null):
                return true;
            case (bool one, bool other):
                return one == other;
            case (JsonNumber one, JsonNumber other):
                return one.CompareTo(other) == 0;
            case (string one, string other):
                budget.SpendOn(one);
                return string.Equals(one, other, StringComparison.Ordinal);
            case (object?[] one, object?[] other):
                return one.Length == other.Length && AreItemsEqual(one, other, budget, levels + 1);
            case (OrderedDictionary<string, object?> one, OrderedDictionary<string, object?> other):
                return one.Count == other.Count && AreFieldsEqual(one, other, budget, levels + 1);
            default:
                return false;
        }
    }

    private static bool AreItemsEqual(object?[] left, object?[] right, TransformBudget budget, int levels)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (!AreEqual(left[i], right[i], budget, levels))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreFieldsEqual(
        OrderedDictionary<string, object?> left,
        OrderedDictionary<string, object?> right,
        TransformBudget budget,
        int levels)
    {
        foreach (var (name, value) in left)
        {
            budget.SpendOn(name);
            if (!right.TryGetValue(name, out var other) || !AreEqual(value, other, budget, levels))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The value as JSON; null where that has more bytes than it may.</summary>
    /// <exception cref="TransformException">the budget is spent, or the value lies too deep</exception>
    public static byte[]? Write(object? value, int mostBytes, TransformBudget budget)
    {
        budget.Spend(StepsOfWriter);
        using var stream = new MemoryStream();
        using var writer = new Utf8JsonWriter(stream, AsWritten);
        if (!TryWrite(value, writer, mostBytes, budget, levels: 0))
        {
            return null;
        }

        writer.Flush();
        return stream.Length <= mostBytes ? stream.ToArray() : null;
    }

    /// <summary>A text stays as it is; anything else is the JSON of it.</summary>
    /// <exception cref="TransformException">the budget is spent, or the value lies too deep or is too long</exception>
    public static string ToText(object? value, int mostBytes, TransformBudget budget)
    {
        if (value is string or JsonNumber)
        {
            return value as string ?? ((JsonNumber)value).Text;
        }

        var json = Write(value, mostBytes, budget)
            ?? throw new TransformException($"makes a text of more than {mostBytes} bytes");
        var text = Encoding.UTF8.GetString(json);
        budget.SpendOn(text);
        return text;
    }

    /// <summary>A part that is shared is written once for each place, so that what is written is counted.</summary>
    private static bool TryWrite(
        object? value, Utf8JsonWriter writer, int mostBytes, TransformBudget budget, int levels)
    {
        budget.Spend();
        DemandLevels(levels);
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case JsonNumber number:
                budget.SpendOn(number.Text);
                writer.WriteRawValue(number.Text);
                break;
            case string text:
                budget.SpendOn(text);
                writer.WriteStringValue(text);
                break;
            case object?[] items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    if (!TryWrite(item, writer, mostBytes, budget, levels + 1))
                    {
                        return false;
                    }
                }

                writer.WriteEndArray();
                break;
            case OrderedDictionary<string, object?> fields:
                writer.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    budget.SpendOn(name);
                    writer.WritePropertyName(name);
                    if (!TryWrite(field, writer, mostBytes, budget, levels + 1))
                    {
                        return false;
                    }
                }

                writer.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"{value.GetType().Name} is no JSON");
        }

        return writer.BytesCommitted + writer.BytesPending <= mostBytes;
    }

    private static void DemandLevels(int levels)
    {
        if (levels > MostLevels)
        {
            throw new TransformException($"makes a value of more than {MostLevels} levels");
        }
    }
}
