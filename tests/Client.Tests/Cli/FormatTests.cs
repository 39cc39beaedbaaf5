using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using YamlDotNet.RepresentationModel;

namespace TokenActors.Client.Tests.Cli;

/// <summary>What is written to stdout, in each format: a program that reads it gets what the service said.</summary>
public sealed class FormatTests
{
    private static readonly View Things = new("name", "name", "state", "expires=expires_at") { Secret = "secrets.access" };

    private static readonly JsonObject Thing = new()
    {
        ["name"] = "nightly", ["state"] = "active", ["expires_at"] = "2030-01-02T03:04:05.678Z", ["labels"] = new JsonArray("a", "b"),
        ["grant"] = new JsonObject { ["permission_set"] = "viewer", ["whole"] = true }, ["uses"] = 7,
        ["secrets"] = new JsonObject { ["access"] = "s3cret" },
    };

    private static string Written(Action<Printer> print, OutputFormat format, string? fields = null)
    {
        using var output = new MemoryStream();
        using var terminal = new Terminal(TextReader.Null, output, TextWriter.Null, _ => null);
        print(new Printer(terminal, format, fields));
        terminal.Output.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }

    [Fact]
    public void One_thing_as_json_is_what_the_service_said() => Assert.True(
        JsonNode.DeepEquals(Thing, JsonNode.Parse(Written(printer => printer.One(Thing, Things), OutputFormat.Json))));

    [Theory]
    [InlineData(nameof(OutputFormat.Name), "nightly\n")]
    [InlineData(nameof(OutputFormat.Secret), "s3cret\n")]
    public void What_names_it_and_its_secret_are_alone(string format, string written) =>
        Assert.Equal(written, Written(printer => printer.One(Thing, Things), Enum.Parse<OutputFormat>(format)));

    [Fact]
    public void A_sheet_has_a_line_for_each_field() => Assert.Equal(
        """
        name                  nightly
        state                 active
        expires_at            2030-01-02 03:04:05Z
        labels                a,b
        grant.permission_set  viewer
        grant.whole           yes
        uses                  7
        secrets.access        s3cret

        """.ReplaceLineEndings("\n"),
        Written(printer => printer.One(Thing, Things), OutputFormat.Table));

    [Theory]
    [InlineData("name", """{"name":"nightly"}""")]
    [InlineData("grant.permission_set, uses", """{"grant.permission_set":"viewer","uses":7}""")]
    [InlineData("missing,grant.missing,name.deeper", """{"missing":null,"grant.missing":null,"name.deeper":null}""")]
    public void Only_the_fields_that_were_asked_for_are_written(string fields, string json) => Assert.True(
        JsonNode.DeepEquals(
            JsonNode.Parse(json),
            JsonNode.Parse(Written(printer => printer.One(Thing, Things), OutputFormat.Json, fields))));

    [Fact]
    public void Where_there_is_no_secret_none_can_be_asked_for()
    {
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => Written(printer => printer.List([Thing], Things), OutputFormat.Secret)).ExitCode);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => Written(printer => printer.One(new JsonObject(), Things), OutputFormat.Secret)).ExitCode);
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => Written(printer => printer.One(Thing, Views.Audit), OutputFormat.Secret)).ExitCode);
    }

    [Theory]
    [InlineData(nameof(OutputFormat.Json), null, true)]
    [InlineData(nameof(OutputFormat.Yaml), null, true)]
    [InlineData(nameof(OutputFormat.Table), null, true)]
    [InlineData(nameof(OutputFormat.Secret), null, true)]
    [InlineData(nameof(OutputFormat.Name), null, false)]
    [InlineData(nameof(OutputFormat.Json), "name", false)]
    [InlineData(nameof(OutputFormat.Json), "name,secrets.access", true)]
    [InlineData(nameof(OutputFormat.Json), "secrets", true)]
    public void Whether_a_secret_is_shown_is_known_before_it_is_written(string format, string? fields, bool shows) =>
        Written(
            printer => Assert.Equal(shows, printer.ShowsSecret(Thing, Things)), Enum.Parse<OutputFormat>(format),
            fields);

    [Theory]
    [InlineData("null", "")]
    [InlineData("true", "yes")]
    [InlineData("false", "no")]
    [InlineData("12.50", "12.50")]
    [InlineData("\"text\"", "text")]
    [InlineData("\"\"", "")]
    [InlineData("\"2030-01-02T03:04:05Z\"", "2030-01-02 03:04:05Z")]
    [InlineData("\"2030-01-02T03:04:05+02:00\"", "2030-01-02 01:04:05Z")]
    [InlineData("\"2030-01-02T03:04:05.1234567Z\"", "2030-01-02 03:04:05Z")]
    [InlineData("\"2030-01-02\"", "2030-01-02")]
    [InlineData("\"2030-01-02T99:99:99Z\"", "2030-01-02T99:99:99Z")]
    [InlineData("\"not-a-timeT-but-long\"", "not-a-timeT-but-long")]
    [InlineData("""["a",1,null,true]""", "a,1,,yes")]
    [InlineData("""{"a":1,"b":["x"]}""", "a=1,b=x")]
    [InlineData("[]", "")]
    public void A_cell_says_a_value_in_words(string json, string text) =>
        Assert.Equal(text, Fields.TextOf(JsonNode.Parse(json)));

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(
            "", " ", "yes", "no", "on", "Off", "true", "null", "~", "NULL", "0x1F", "1_000", "1e3", ".5", "-1", "0o7",
            "12:30:45", "2030-01-02",
            "- a", "a: b", "a #b", "#", "*a", "&a", "!x", "%a", "@a", "`a", "{a}", "[a]", "'a'", "\"a\"", "a\nb", "a\n",
            "\na", "  a", "a  ", "\t",
            "a\r\nb", "a\u0085b", "\u2028", "a\t", "|", ">", "?", ":", "---", "...", "é", "日本", "😀", "=", "<<", "inf", ".nan", "\u0007", "\u001b[31m"),
        Gen.String[Gen.Char[" ab:#-'\"\n\t{}[],&*!|>%@`é0\\"], 0, 12]);

    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Text.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Long.Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(flag => (JsonNode?)JsonValue.Create(flag)),
        Gen.OneOf("1e5", "1E+20", "-2.5e-3", "0.1", "12345678901234567890123456789", "1e300").Select(
            JsonNode? (text) => JsonNode.Parse(text)),
        Gen.Const((JsonNode?)null));

    private static readonly Gen<JsonObject> AnyThing = Gen.Select(
        Text.Array[0, 4], Leaf.Array[4], Leaf.Array[0, 3],
        (names, leaves, items) =>
        {
            JsonObject thing = new() { ["items"] = new JsonArray([.. items.Select(item => item?.DeepClone())]) };
            foreach (var (index, name) in names.Distinct().Index())
            {
                thing[$"k{name}"] = leaves[index]?.DeepClone();
            }

            return thing;
        });

    [Fact]
    public void Any_thing_in_json_is_read_back() => AnyThing.HoldsForAll(
        100,
        thing =>
        {
            Assert.True(JsonNode.DeepEquals(
                thing, JsonNode.Parse(Written(printer => printer.One(thing, Things), OutputFormat.Json))));
            var listed = JsonNode.Parse(Written(printer => printer.List([thing, thing], Things), OutputFormat.Json));
            Assert.True(JsonNode.DeepEquals(new JsonArray(thing.DeepClone(), thing.DeepClone()), listed));
        },
        thing => thing.ToJsonString());

    /// <summary>By another reader's rules (YAML 1.2 core): texts that look like something else are quoted.</summary>
    [Fact]
    public void Any_thing_in_yaml_is_read_back() => AnyThing.HoldsForAll(
        150,
        thing =>
        {
            var yaml = Written(printer => printer.One(thing, Things), OutputFormat.Yaml);
            YamlStream stream = [];
            stream.Load(new StringReader(yaml));
            var read = JsonOf(Assert.Single(stream.Documents).RootNode);
            Assert.True(Same(thing, read), $"{yaml}\n{read?.ToJsonString()}");
        },
        thing => thing.ToJsonString());

    [Fact]
    public void No_table_breaks_whatever_is_in_it() => AnyThing.HoldsForAll(
        40,
        thing =>
        {
            Written(printer => printer.One(thing, Things), OutputFormat.Table);
            Written(printer => printer.List([thing], new View("name", "items", "kyes")), OutputFormat.Table);
        },
        thing => thing.ToJsonString());

    /// <summary>A name that somebody else chose moves no cursor, clears no screen and sets no title.</summary>
    [Theory]
    [InlineData("a\u001b[2Jb")]
    [InlineData("a\u001b]0;title\u0007b")]
    [InlineData("a\u009b31mb")]
    [InlineData("a\rb")]
    [InlineData("a\bb")]
    public void Nothing_in_a_table_is_obeyed_by_a_terminal(string name)
    {
        JsonObject thing = new() { ["name"] = name, ["state"] = "active" };
        foreach (var written in new[]
        {
            Written(printer => printer.One(thing, Things), OutputFormat.Table),
            Written(printer => printer.List([thing], Things), OutputFormat.Table),
            Written(printer => printer.One(thing, Things), OutputFormat.Name),
        })
        {
            Assert.DoesNotContain(written, c => char.IsControl(c) && c != '\n');
        }
    }

    private static JsonNode? JsonOf(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(
            pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", JsonOf(pair.Value)))),
        YamlSequenceNode items => new JsonArray([.. items.Select(JsonOf)]),
        YamlScalarNode { Style: not YamlDotNet.Core.ScalarStyle.Plain, Value: { } text } => JsonValue.Create(text),
        YamlScalarNode { Value: "" or "null" or "~" or null } => null,
        YamlScalarNode { Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Value: "false" } => JsonValue.Create(false),
        YamlScalarNode { Value: var text } when double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) =>
            JsonValue.Create(number),
        YamlScalarNode plain => JsonValue.Create(plain.Value),
        _ => throw new InvalidOperationException($"{node.NodeType}"),
    };

    /// <summary>Numbers as doubles, texts as they are.</summary>
    private static bool Same(JsonNode? one, JsonNode? other) => (one, other) switch
    {
        (null, null) => true,
        (JsonObject a, JsonObject b) =>
            a.Count == b.Count && a.All(field => b.ContainsKey(field.Key) && Same(field.Value, b[field.Key])),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Same(pair.First, pair.Second)),
        (JsonValue a, JsonValue b) when a.GetValueKind() == JsonValueKind.Number
            && b.GetValueKind() == JsonValueKind.Number =>
            NumberOf(a).Equals(NumberOf(b)),
        (JsonValue a, JsonValue b) => JsonNode.DeepEquals(a, b),
        _ => false,
    };

    private static double NumberOf(JsonValue value) =>
        double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);
}
