using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace TokenActors.Cli.Output;

/// <summary>Writes a list page by page, so that none of it has to be held; the pages together are one
/// document.</summary>
/// <param name="printer">writes to stdout</param>
/// <param name="format">how</param>
/// <param name="fields">only these; null: all, or the view's columns</param>
/// <param name="view">of the things</param>
internal sealed class ListPrinter(Printer printer, OutputFormat format, string[]? fields, View view)
{
    /// <summary>A longer text would push the columns after it out of sight.</summary>
    private const int WidestCell = 60;

    private readonly Column[] _columns = [.. (fields ?? view.Columns).Select(Column.Of)];
    private bool _hasItems;
    private bool _hasHeadings;

    /// <summary>The next things of the list.</summary>
    public void Page<T>(IEnumerable<T> items)
    {
        var nodes = items.Select(Fields.NodeOf).ToList();
        switch (format)
        {
            case OutputFormat.Json:
                nodes.ForEach(Json);
                break;
            case OutputFormat.Yaml when nodes.Count > 0:
                printer.Yaml(new JsonArray([.. nodes.Select(node => Fields.Only(node, fields))]));
                break;
            case OutputFormat.Name:
                nodes.ForEach(node => printer.Line(Fields.TextOf(Fields.At(node, view.Name))));
                break;
            case OutputFormat.Table:
                Table(nodes);
                break;
        }

        _hasItems |= nodes.Count > 0;
    }

    /// <summary>There are no more.</summary>
    public void End()
    {
        switch (format)
        {
            case OutputFormat.Json:
                printer.Line(_hasItems ? "\n]" : "[]");
                break;
            case OutputFormat.Yaml when !_hasItems:
                printer.Yaml(new JsonArray());
                break;
            case OutputFormat.Table when !_hasHeadings:
                Table([]);
                break;
        }
    }

    private void Json(JsonNode? node)
    {
        var text = (Fields.Only(node, fields)?.ToJsonString(Fields.Json) ?? "null").Replace(
            "\n", "\n  ", StringComparison.Ordinal);
        printer.Text($"{(_hasItems ? ",\n" : "[\n")}  {text}");
        _hasItems = true;
    }

    /// <summary>A column keeps the width that a page before needed, so that pages stand below each other.</summary>
    private void Table(List<JsonNode?> nodes)
    {
        var rows = nodes.Select(node => _columns.Select(column => Cut(Fields.TextOf(Fields.At(node, column.Path)))).ToArray()).ToList();
        var table = new Table().NoBorder().Collapse();
        table.ShowHeaders = !_hasHeadings;
        foreach (var (index, column) in _columns.Index())
        {
            column.Widen(rows.Select(row => row[index]));
            table.AddColumn(new TableColumn(Markup.Escape(column.Heading))
            {
                NoWrap = true, Padding = new Padding(0, 0, 2, 0), Width = _hasHeadings ? column.Width : null,
            });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select((text, index) => Printer.Coloured(_columns[index].Path, text))]);
        }

        if (rows.Count > 0 || !_hasHeadings)
        {
            printer.DrawList(table);
        }

        _hasHeadings = true;
    }

    /// <summary>Other formats have the whole text.</summary>
    private static string Cut(string text)
    {
        if (text.GetCellWidth() <= WidestCell)
        {
            return text;
        }

        var cut = new StringBuilder();
        var width = 1;
        foreach (var letter in text.EnumerateRunes().TakeWhile(letter => (width += letter.ToString().GetCellWidth()) <= WidestCell))
        {
            cut.Append(letter);
        }

        return $"{cut}…";
    }

    /// <summary>A column of a table.</summary>
    private sealed class Column(string heading, string path)
    {
        public string Heading => heading;

        public string Path => path;

        public int Width { get; private set; } = heading.GetCellWidth();

        public static Column Of(string text)
        {
            var (heading, path) = text.Split('=') is [var title, var field] ? (title, field) : (text, text);
            return new(heading.ToUpper(CultureInfo.InvariantCulture), path);
        }

        public void Widen(IEnumerable<string> cells) =>
            Width = cells.Select(cell => cell.GetCellWidth()).Append(Width).Max();
    }
}
