using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using TokenActors.Cli.Foundation;
using YamlDotNet.Serialization;

namespace TokenActors.Cli.Output;

/// <summary>Writes answers to stdout in the format that was asked for.</summary>
/// <param name="terminal">whose stdout</param>
/// <param name="format">how</param>
/// <param name="fields">only these, with commas between; null: all, or the view's</param>
internal sealed class Printer(Terminal terminal, OutputFormat format, string? fields)
{
    private readonly string[]? _fields = fields?.Split(
        ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Before anything is asked or changed: the fields that are to be shown are some of those of an
    /// answer.</summary>
    /// <exception cref="CliException">one is not</exception>
    public void Demand<T>() => Fields.Demand<T>(_fields);

    /// <summary>Things of one kind.</summary>
    public void List<T>(IEnumerable<T> items, View view)
    {
        var list = Begin(view);
        list.Page(items);
        list.End();
    }

    /// <summary>A list that comes page by page.</summary>
    public ListPrinter Begin(View view) => format == OutputFormat.Secret
        ? throw CliException.Usage("A list holds no secrets: -o secret is for create, rotate, reset and refresh.")
        : new(this, format, _fields, view);

    /// <summary>One thing.</summary>
    public void One<T>(T item, View view)
    {
        var node = Fields.NodeOf(item);
        switch (format)
        {
            case OutputFormat.Json:
                Line(Chosen(node)?.ToJsonString(Fields.Json) ?? "null");
                break;
            case OutputFormat.Yaml:
                Yaml(Chosen(node));
                break;
            case OutputFormat.Name:
                Line(Fields.TextOf(Fields.At(node, view.Name)));
                break;
            case OutputFormat.Secret:
                Line((view.Secret is { } path ? (string?)Fields.At(node, path) : null)
                    ?? throw CliException.Usage(
                        "There is no new secret: -o secret is for create, rotate, reset and refresh."));
                break;
            default:
                Sheet(node);
                break;
        }
    }

    /// <summary>Whether a thing, as it is written, holds a secret that was just made.</summary>
    /// <param name="item">the thing</param>
    /// <param name="view">how it looks</param>
    public bool ShowsSecret<T>(T item, View view) => format != OutputFormat.Name && view.Secret is { } path
        && Fields.At(Fields.NodeOf(item), path) is not null
        && _fields?.Any(field => path.StartsWith(field, StringComparison.Ordinal) || field.StartsWith(path, StringComparison.Ordinal)) != false;

    /// <summary>A line of data.</summary>
    public void Line(string text) => terminal.Output.WriteLine(text);

    /// <summary>A part of a line.</summary>
    public void Text(string text) => terminal.Output.Write(text);

    /// <summary>A state in its colour; the word says it without.</summary>
    public static string Coloured(string field, string text)
    {
        var escaped = Markup.Escape(text);
        var colour = (field, text) switch
        {
            ("state" or "status" or "outcome", "active" or "done" or "delivered") => "green",
            ("state" or "status", "disabled" or "waiting" or "running" or "stopped") => "yellow",
            ("state" or "status", "expired" or "given_up" or "locked") => "red",
            _ => null,
        };
        return colour is null ? escaped : $"[{colour}]{escaped}[/]";
    }

    private JsonNode? Chosen(JsonNode? node) => Fields.Only(node, _fields);

    /// <summary>A thing, field by field.</summary>
    private void Sheet(JsonNode? node)
    {
        var table = new Table().NoBorder().HideHeaders();
        table.AddColumn(new TableColumn("").NoWrap().PadLeft(0).PadRight(2)).AddColumn(
            new TableColumn("").PadLeft(0).PadRight(0));
        var leaves = _fields is null ? Fields.Leaves(node) : _fields.Select(field => (field, Fields.At(node, field)));
        foreach (var (path, value) in leaves)
        {
            table.AddRow(Markup.Escape(path), Coloured(path, Fields.TextOf(value)));
        }

        Draw(table, terminal.Screen.Profile.Width);
    }

    /// <summary>
    /// A list is as wide as its texts: fitted into a narrow terminal it would show parts of words, and of many columns
    /// none.
    /// </summary>
    public void DrawList(Table table) => Draw(table, Terminal.Unbounded);

    /// <summary>Lines end where their text ends, so that a terminal breaks none that it need not.</summary>
    private void Draw(Table table, int width)
    {
        var screen = terminal.Screen.Profile;
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        console.Profile.Capabilities.Ansi = screen.Capabilities.Ansi;
        console.Profile.Capabilities.ColorSystem = screen.Capabilities.ColorSystem;
        console.Write(table);
        foreach (var line in writer.ToString().TrimEnd().Split('\n'))
        {
            Line(line.TrimEnd());
        }
    }

    /// <summary>A document, or a part of a sequence.</summary>
    public void Yaml(JsonNode? node)
    {
        var yaml = new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences()
            .WithEventEmitter(next => new QuotingEmitter(next)).Build();
        terminal.Output.Write(yaml.Serialize(Plain(node) ?? ""));
    }

    /// <summary>What the YAML library writes: dictionaries, lists and values.</summary>
    private static object? Plain(JsonNode? node) => node switch
    {
        JsonObject fields => fields.ToDictionary(field => field.Key, field => Plain(field.Value)),
        JsonArray items => items.Select(Plain).ToList(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.String => (string?)value,
            JsonValueKind.Number => NumberOf(value.ToJsonString()),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        },
        _ => null,
    };

    /// <summary>Exact where a decimal can be; JSON has exponents and numbers that none is as large as.</summary>
    private static object NumberOf(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            ? exact
            : double.Parse(text, CultureInfo.InvariantCulture);
}
