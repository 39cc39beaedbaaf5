using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TokenActors.Domain.Lists;

/// <summary>A place in a list between two items.</summary>
/// <param name="Values">what the item before it has in the order's fields: numbers for times, else texts</param>
/// <param name="Id">the id of that item</param>
public sealed record ListPlace(ImmutableArray<object> Values, string Id);

/// <summary>
/// A place as clients carry it. It holds the sort key itself, so that a list goes on although the item is deleted. It
/// holds for the order in which it was given.
/// </summary>
public static class ListCursor
{
    private const int OrderBytes = 6;
    private const int LongestText = 8_192;

    public static string Write(ListQuery query, ListPlace place)
    {
        JsonArray parts = [OrderOf(query), place.Id];
        foreach (var value in place.Values)
        {
            parts.Add(value is long number ? JsonValue.Create(number) : JsonValue.Create((string)value));
        }

        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(parts.ToJsonString()));
    }

    /// <summary>Null where the text is no place in the order of the query.</summary>
    public static ListPlace? Read(ListQuery query, string text)
    {
        if (text.Length is 0 or > LongestText || !Base64Url.IsValid(text))
        {
            return null;
        }

        try
        {
            using var parsed = JsonDocument.Parse(Base64Url.DecodeFromChars(text));
            return parsed.RootElement is { ValueKind: JsonValueKind.Array } parts
                ? PlaceOf(query, [.. parts.EnumerateArray()])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }

    private static ListPlace? PlaceOf(ListQuery query, JsonElement[] parts)
    {
        if (parts.Length != query.Orders.Length + 2
            || TextOf(parts[0]) != OrderOf(query)
            || TextOf(parts[1]) is not { } id || !Guid.TryParseExact(id, "D", out _))
        {
            return null;
        }

        var values = query.Orders.Select((order, i) => ValueOf(order.Field, parts[i + 2])).OfType<object>().ToImmutableArray();
        return values.Length == query.Orders.Length ? new ListPlace(values, id) : null;
    }

    private static object? ValueOf(ListField field, JsonElement value) => field.Kind == ListFieldKind.Time
        ? NumberOf(value)
        : TextOf(value);

    private static long? NumberOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;

    private static string? TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && StorableText.Is(text) ? text : null;

    private static string OrderOf(ListQuery query)
    {
        var order = string.Join(
            ',', query.Orders.Select(
                o => string.Create(CultureInfo.InvariantCulture, $"{o.Field.Name} {o.Descending}")));
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(order)).AsSpan(0, OrderBytes));
    }
}
