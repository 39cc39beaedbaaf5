using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Output;

/// <summary>Reads answers by the names that the service gives their fields.</summary>
internal static class Fields
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Fields that a kind of answer has not, whatever it holds: slips of the pen.</summary>
    /// <exception cref="CliException">there is one</exception>
    public static void Demand<T>(string[]? fields)
    {
        if (fields?.FirstOrDefault(field => !Exists(typeof(T), field.Split('.'))) is { } strange)
        {
            var known = Described(typeof(T)).Properties.Select(property => property.Name);
            throw CliException.Usage($"There is no field {strange}. There are {string.Join(", ", known)}.");
        }
    }

    public static JsonNode? NodeOf<T>(T item) => item as JsonNode ?? JsonSerializer.SerializeToNode(item, Json);

    /// <summary>What is at a path such as <c>primary.access.expires_at</c>.</summary>
    public static JsonNode? At(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.'))
        {
            node = (node as JsonObject)?[part];
        }

        return node;
    }

    /// <summary>Only what was asked for, under the paths that were asked by.</summary>
    public static JsonNode? Only(JsonNode? node, string[]? fields)
    {
        if (fields is null)
        {
            return node;
        }

        var chosen = new JsonObject();
        foreach (var field in fields)
        {
            chosen[field] = At(node, field)?.DeepClone();
        }

        return chosen;
    }

    /// <summary>What is no object of known fields may have any.</summary>
    private static bool Exists(Type type, ReadOnlySpan<string> path)
    {
        var described = Described(type);
        return path.IsEmpty || described.Kind != JsonTypeInfoKind.Object
            || (Property(described, path[0]) is { } property && Exists(property.PropertyType, path[1..]));
    }

    private static JsonPropertyInfo? Property(JsonTypeInfo described, string name) =>
        described.Properties.FirstOrDefault(property => property.Name == name);

    private static JsonTypeInfo Described(Type type) => Json.GetTypeInfo(type);

    /// <summary>Every leaf, with its path.</summary>
    public static IEnumerable<(string Path, JsonNode? Value)> Leaves(JsonNode? node, string path = "") => node is JsonObject item
        ? item.SelectMany(field => Leaves(field.Value, path.Length == 0 ? field.Key : $"{path}.{field.Key}"))
        : [(path, node)];

    /// <summary>For a cell of a table.</summary>
    public static string TextOf(JsonNode? node) => node switch
    {
        null => "",
        JsonArray items => string.Join(",", items.Select(TextOf)),
        JsonObject fields => string.Join(",", fields.Select(field => $"{field.Key}={TextOf(field.Value)}")),
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "yes" : "no",
        JsonValue value when value.TryGetValue(out string? text) => TimeOr(text),
        _ => node.ToJsonString(),
    };

    private static string TimeOr(string text) =>
        text.Length > 18 && text[10] == 'T'
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : Visible(text);

    /// <summary>No text that somebody else chose is an order to a terminal.</summary>
    public static string Visible(string text) => text.Any(IsOrder)
        ? string.Concat(text.Select(letter => IsOrder(letter) ? '\uFFFD' : letter))
        : text;

    private static bool IsOrder(char letter) => char.IsControl(letter) && letter != '\n';
}
