using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Fuzzing;

/// <summary>Draws texts, JSON and bytes that a service may meet: some good, most of them not.</summary>
internal sealed class HostileValues(Random random, IReadOnlyList<string> known)
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "-", "~", "*", "**", "..", "../..", "%00", "%2e%2e", "\0", "\u0001", "\ufeff", "\u202e", "ß", "İ", "𝔘", "é", "e\u0301", "'", "\"", "\\", "`",
        "null", "true", "undefined", "NaN", "-1", "0", "1e400", "9223372036854775808", "0x10", "1.5", "' OR 1=1 --", "<script>", "${jndi:ldap://x}", "{{7*7}}",
        "viewer", "administrator", "test", "prod", "siem_mock_siem", "token", "all", "primary", "24h", "1h30m", "forever", "-5m", "999999999h", "0s",
        "2027-01-02T03:04:05Z", "2027-01-02", "1-1", "12:00 -05:00", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59+14:00",
        "name[eq]a", "name[in]a,b,c", "created_at[gt]2027-01-02T03:04:05Z", "id[like]%", "name[asc]", "order[", "[]", "a[b]c]d", "created_at[desc]",
        "/name", "/x", "/", "/a/b/c", "/labels/-", "/labels/00", "/~1~0", "add", "copy", "test", "application/json",
    ];

    /// <summary>An id or name that is there, a good one that is not, or anything.</summary>
    public string Identity() => random.Next(5) switch
    {
        0 or 1 => known[random.Next(known.Count)],
        2 => Guid.NewGuid().ToString(),
        3 => Guid.NewGuid().ToString("N")[..24],
        _ => Text(),
    };

    public string Text() => random.Next(12) switch
    {
        0 => new string((char)random.Next('a', 'z'), random.Next(1, 5000)),
        1 => string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(1, 0xD7FF))),
        2 => known[random.Next(known.Count)],
        _ => Texts[random.Next(Texts.Length)],
    };

    public JsonNode? Value(int depth = 0) => random.Next(depth > 4 ? 6 : 9) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => JsonValue.Create(random.NextInt64()),
        3 => JsonValue.Create(random.NextDouble() * Math.Pow(10, random.Next(-300, 300))),
        4 or 5 => Text(),
        6 or 7 => new JsonArray([.. Enumerable.Range(0, random.Next(0, random.Next(10) == 0 ? 300 : 5)).Select(_ => Value(depth + 1))]),
        _ => new JsonObject(Enumerable.Range(0, random.Next(0, 5)).Select(i => KeyValuePair.Create(random.Next(3) == 0 ? $"{Text()}{i}" : $"f{i}", Value(depth + 1)))),
    };

    /// <summary>An object after a schema of an OpenAPI document, with some fields left out, added or of another form.</summary>
    public JsonNode? After(JsonNode document, JsonNode? schema, int depth = 0)
    {
        if (schema is null || depth > 8 || random.Next(12) == 0)
        {
            return Value(depth);
        }

        if ((string?)schema["$ref"] is { } reference)
        {
            return After(document, document["components"]?["schemas"]?[reference[(reference.LastIndexOf('/') + 1)..]], depth + 1);
        }

        var type = schema["type"] switch { JsonArray many => (string?)many[random.Next(many.Count)], JsonNode one => (string?)one, _ => null };
        return type switch
        {
            "object" when schema["properties"] is JsonObject properties => Object(document, properties, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => After(document, schema["items"], depth + 1))]),
            "string" => random.Next(3) == 0 ? Identity() : Text(),
            "integer" => random.Next(2) == 0 ? random.Next(-2, 100) : random.NextInt64(),
            "boolean" => random.Next(2) == 0,
            _ => Value(depth),
        };
    }

    /// <summary>A JSON Patch, of which many operations lead somewhere.</summary>
    public JsonNode Patch()
    {
        string[] operations = ["add", "remove", "replace", "move", "copy", "test", "nothing"];
        string[] paths = ["/name", "/fullname", "/labels", "/labels/-", "/labels/0", "/environment", "/role_binding/-", "/provider_config", "/id", "/state", "/x", ""];
        return new JsonArray([.. Enumerable.Range(0, random.Next(0, random.Next(8) == 0 ? 150 : 6)).Select(_ => (JsonNode)new JsonObject
        {
            ["op"] = operations[random.Next(operations.Length)],
            ["path"] = random.Next(6) == 0 ? Text() : paths[random.Next(paths.Length)],
            ["from"] = random.Next(6) == 0 ? Text() : paths[random.Next(paths.Length)],
            ["value"] = Value(2),
        })]);
    }

    /// <summary>The bytes of a body: well-formed mostly, else cut, garbled, nested too deep, doubled, or in another encoding.</summary>
    public byte[] Bytes(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (random.Next(16))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", random.Next(60, 3000))));
            case 3:
                return Encoding.UTF8.GetBytes($"{{\"name\":{text},\"name\":{text}}}");
            case 4:
                return Encoding.Unicode.GetBytes(text);
            case 5:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 6:
                return Encoding.UTF8.GetBytes("{\"a\":\"\\ud800\",\"\\udc00b\":1}");
            default:
                return bytes;
        }
    }

    private JsonObject Object(JsonNode document, JsonObject properties, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, schema) in properties.Where(_ => random.Next(6) > 0))
        {
            made[name] = After(document, schema, depth + 1);
        }

        if (random.Next(6) == 0)
        {
            made[$"extra{random.Next(3)}{Text()}"] = Value(depth + 1);
        }

        return made;
    }
}
