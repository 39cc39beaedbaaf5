using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Fuzzing;

/// <summary>Draws texts, JSON and bytes that a service may meet: some good, most of them not.</summary>
internal sealed class HostileValues(Random random, IReadOnlyList<string> known, IReadOnlyList<string> mappings)
{
    private static readonly string[] Texts =
    [
        "", " ", "a", "-", "~", "*", "**", "..", "../..", "%00", "%2e%2e", "\0", "\u0001", "\ufeff", "\u202e", "ß", "İ",
        "𝔘", "é", "e\u0301", "'", "\"", "\\", "`",
        "null", "true", "undefined", "NaN", "-1", "0", "1e400", "9223372036854775808", "0x10", "1.5", "' OR 1=1 --",
        "<script>", "${jndi:ldap://x}", "{{7*7}}",
        "viewer", "administrator", "test", "prod", "siem_mock_siem", "token", "all", "primary", "24h", "1h30m",
        "forever", "-5m", "999999999h", "0s",
        "2027-01-02T03:04:05Z", "2027-01-02", "1-1", "12:00 -05:00", "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59+14:00",
        "name[eq]a", "name[in]a,b,c", "created_at[gt]2027-01-02T03:04:05Z", "id[like]%", "name[asc]", "order[", "[]",
        "a[b]c]d", "created_at[desc]",
        "/name", "/x", "/", "/a/b/c", "/labels/-", "/labels/00", "/~1~0", "add", "copy", "test", "application/json",
    ];

    /// <summary>Transforms that can be parsed, and that take or make much of what <see cref="Application"/>
    /// gives.</summary>
    public static IReadOnlyList<string> Transforms { get; } =
    [
        "@", "{x: a, y: t, z: o}", "{x: a[?@ > `1`] | sort(@) | reverse(@)}",
        "{x: [a,a,a,a] | [@,@,@,@] | [@,@,@,@] | [@,@,@,@]}",
        "{x: [t,t,t,t,t,t,t,t,t,t,t,t]}", "{x: join('', [t,t,t,t]), y: length(t), z: n}",
        "{x: to_string(@), y: to_number(t)}",
        "{x: a | [@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]|[@,@]}",
        "{x: map(&[@,@], a), y: sort_by(a, &to_string(@)), z: max_by(a, &to_number(to_string(@)))}",
        "{x: a[::-1], y: a[-1000000000:1000000000:2]}",
        "{x: keys(@), y: values(@), z: merge(@, @)}", "{x: a[?contains(to_string(@), 't')][] | [0]}",
        "{x: sum(a), y: avg(a), z: n}",
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
        0 when random.Next(4) == 0 => LongNumber(),
        0 => null,
        1 => random.Next(2) == 0,
        2 => JsonValue.Create(random.NextInt64()),
        3 => JsonValue.Create(random.NextDouble() * Math.Pow(10, random.Next(-300, 300))),
        4 or 5 => Text(),
        6 or 7 => new JsonArray(
            [.. Enumerable.Range(0, random.Next(0, random.Next(10) == 0 ? 300 : 5)).Select(_ => Value(depth + 1))]),
        _ => new JsonObject(
            Enumerable.Range(0, random.Next(0, 5)).Select(i => KeyValuePair.Create(Name(i), Value(depth + 1)))),
    };

    /// <summary>Body of an application of mappings, of which most are there, to data that their transforms find
    /// something in.</summary>
    public JsonNode Application() => new JsonObject
    {
        ["mappings"] = new JsonArray(
            [.. Enumerable.Range(0, random.Next(1, random.Next(5) == 0 ? 14 : 4)).Select(_ => JsonValue.Create(random.Next(12) == 0 ? Identity() : mappings[random.Next(mappings.Count)]))]),
        ["data"] = new JsonObject
        {
            ["a"] = new JsonArray([.. Enumerable.Range(0, random.Next(0, random.Next(6) == 0 ? 3_000 : 20)).Select(_ => random.Next(3) == 0 ? JsonValue.Create(random.Next()) : Value(3))]),
            ["t"] = new string((char)random.Next('a', 'z'), random.Next(random.Next(6) == 0 ? 100_000 : 50)),
            ["o"] = Value(1),
            ["n"] = LongNumber(),
            [Name(1)] = Value(2),
        },
    };

    /// <summary>A transform: some can be parsed, some grow, some are cut.</summary>
    public string Transform()
    {
        var text = random.Next(4) == 0 ? Transforms[random.Next(Transforms.Count)] : Expression(0);
        return random.Next(8) == 0 ? text[..random.Next(text.Length + 1)] : text;
    }

    /// <summary>An object after a schema of an OpenAPI document, with some fields left out, added or of another
    /// form.</summary>
    public JsonNode? After(JsonNode document, JsonNode? schema, int depth = 0)
    {
        if (schema is null || depth > 8 || random.Next(12) == 0)
        {
            return Value(depth);
        }

        if ((string?)schema["$ref"] is { } reference)
        {
            return After(
                document, document["components"]?["schemas"]?[reference[(reference.LastIndexOf('/') + 1)..]],
                depth + 1);
        }

        var type = schema["type"] switch { JsonArray many => (string?)many[random.Next(many.Count)], JsonNode one => (string?)one, _ => null };
        return type switch
        {
            "object" when schema["properties"] is JsonObject properties => Object(document, properties, depth),
            "array" => new JsonArray(
                [.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => After(document, schema["items"], depth + 1))]),
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

    /// <summary>The bytes of a body: well-formed mostly, else cut, garbled, nested too deep, doubled, or in another
    /// encoding.</summary>
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

    /// <summary>Numbers that no number of .NET holds, and that are long to read.</summary>
    private JsonNode? LongNumber() => JsonNode.Parse(random.Next(5) switch
    {
        0 => "1" + new string('0', random.Next(30, 5_000)),
        1 => "0." + new string('0', random.Next(30, 5_000)) + "1",
        2 => $"-{new string('9', random.Next(20, 400))}.{new string('9', random.Next(20, 400))}e-{random.Next(1, 400)}",
        3 => $"1e{random.Next(300, 999_999_999)}",
        _ => $"1E-{random.Next(300, 999_999_999)}",
    });

    private string Name(int i) => random.Next(6) switch
    {
        0 or 1 => $"{Text()}{i}",
        2 when random.Next(4) == 0 => new string('n', random.Next(1_000, 30_000)) + i,
        _ => $"f{i}",
    };

    /// <summary>JMESPath by its grammar.</summary>
    private string Expression(int depth)
    {
        string[] names = ["@", "a", "t", "o", "n", "f0", "f1", "\"é\"", "missing", "`1`", "`[1,\"x\",null]`", "'raw'", "`1e999`", $"`{new string('7', 80)}`", "\"\\ud800\""];
        string[] functions =
        [
            "length", "sort", "reverse", "keys", "values", "to_string", "to_number", "to_array", "type", "not_null",
            "max", "min", "sum", "avg", "abs", "ceil", "floor", "shout",
        ];
        string[] comparisons = ["==", "!=", "<", "<=", ">", ">="];
        if (depth > 6 || random.Next(5) == 0)
        {
            return names[random.Next(names.Length)];
        }

        var (one, other) = (Expression(depth + 1), random.Next(2) == 0 ? Expression(depth + 1) : "@");
        return random.Next(14) switch
        {
            0 => $"{one}.{other}",
            1 => $"{one} | {other}",
            2 => $"{one}[{random.Next(-3, 4)}]",
            3 => $"{one}[{random.Next(-9, 9)}:{random.NextInt64()}:{random.Next(-2, 3)}]",
            4 => $"{one}[*].{other}",
            5 => $"{one}[?{other} {comparisons[random.Next(comparisons.Length)]} {names[random.Next(names.Length)]}]",
            6 => $"[{one}, {other}, {one}]",
            7 or 8 => $"{{x: {one}, y: {other}}}",
            9 => $"{functions[random.Next(functions.Length)]}({one})",
            10 => $"{(random.Next(2) == 0 ? "sort_by" : "max_by")}({one}, &{other})",
            11 => $"map(&{one}, {other})",
            12 => $"({one} && !{other} || {one})",
            _ => $"{one}[]",
        };
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
