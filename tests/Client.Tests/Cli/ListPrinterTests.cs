using System.Text;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Output;
using TokenActors.Cli.Running;
using TokenActors.Client.Tests.Client;

namespace TokenActors.Client.Tests.Cli;

/// <summary>Lists that are written as they come.</summary>
public sealed class ListPrinterTests
{
    private static readonly View Things = new("name", "name", "heading=value");

    [Theory]
    [InlineData(nameof(OutputFormat.Table))]
    [InlineData(nameof(OutputFormat.Json))]
    [InlineData(nameof(OutputFormat.Yaml))]
    [InlineData(nameof(OutputFormat.Name))]
    public void Pages_together_are_what_one_list_would_be(string name)
    {
        var format = Enum.Parse<OutputFormat>(name);
        Thing[] all = [new("one", "1\n2"), new("two", "2"), new("six", "6")];
        Assert.Equal(Written(format, all), Written(format, all[..1], [], all[1..]));
        Assert.Equal(Written(format, []), Written(format, [], []));
    }

    [Fact]
    public void Json_is_written_as_it_always_was()
    {
        Assert.Equal("[]\n", Written(OutputFormat.Json, []));
        Assert.Equal(
            "[\n  {\n    \"name\": \"a\",\n    \"value\": \"1\"\n  },\n  {\n    \"name\": \"b\",\n    \"value\": \"2\"\n  }\n]\n",
            Written(OutputFormat.Json, [new("a", "1")], [new("b", "2")]));
    }

    [Fact]
    public void A_table_has_one_heading_and_its_columns_never_get_narrower() => Assert.Equal(
        "NAME  HEADING\na     long text\nlonger  b\nc       d\n",
        Written(OutputFormat.Table, [new("a", "long text")], [new("longer", "b")], [new("c", "d")]));

    /// <summary>Fitted into 80 columns, a list of tokens was one "…", and at 100 its ids came in two parts.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(80)]
    public void A_list_is_as_wide_as_its_texts_in_any_terminal(int width)
    {
        using var output = new MemoryStream();
        using var terminal = new Terminal(TextReader.Null, output, TextWriter.Null, _ => null, isOutputTerminal: true);
        terminal.Screen.Profile.Width = width;
        terminal.Screen.Profile.Capabilities.Ansi = false;
        var text = new string('x', 50);
        new Printer(terminal, OutputFormat.Table, null).List<Thing>([new(text, text), new("a", "b")], Things);
        terminal.Output.Flush();
        Assert.Equal(
            $"NAME{new string(' ', 48)}HEADING\n{text}  {text}\na{new string(' ', 51)}b\n",
            Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task All_pages_of_a_list_are_written_as_they_come()
    {
        using var output = new MemoryStream();
        List<string> written = [];
        using var handler = new CannedHandler(asked =>
        {
            written.Add(Encoding.UTF8.GetString(output.ToArray()));
            return Page(asked);
        });
        using var terminal = new Terminal(TextReader.Null, output, TextWriter.Null, _ => null);
        var host = new CommandHost(terminal, _ => handler.Client(), TimeProvider.System);
        Assert.Equal(0, await CommandLine.Of(host).Parse("token history 01a219b4-3ff3-7541-abb9-bc3a20e1ce99 --all -o name").InvokeAsync());
        Assert.Equal(["", "0\n", "0\n1\n"], written);
    }

    private static string Page(int number) => $$"""
        {"items":[{"number":{{number}},"at":"2030-01-01T00:00:00Z","organization_id":"o","event":"token.issued","subject_kind":"token",
        "subject_id":"t","subject_version":1,"outcome":"done","command_id":"c"}],"next_cursor":{{(number < 2 ? $"\"after-{number}\"" : "null")}}}
        """;

    private static string Written(OutputFormat format, params Thing[][] pages)
    {
        using var output = new MemoryStream();
        using var terminal = new Terminal(TextReader.Null, output, TextWriter.Null, _ => null);
        var list = new Printer(terminal, format, null).Begin(Things);
        foreach (var page in pages)
        {
            list.Page(page);
        }

        list.End();
        terminal.Output.Flush();
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed record Thing(string Name, string Value);
}
