using System.CommandLine;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// Commands one after the other against a service of their own, their output compared; <c>TOKENACTORS_UPDATE=1</c>
/// makes the files anew. Ids, times, secrets and addresses stand as words.
/// </summary>
public sealed partial class SnapshotTests(RunningService service) : IClassFixture<RunningService>
{
    /// <summary>What needs a terminal, goes on for ever, or tells of this run alone; a test runs each.</summary>
    private static readonly Dictionary<string, Type> RunElsewhere = new(StringComparer.Ordinal)
    {
        ["agent run"] = typeof(Agent.AgentTests), ["cluster"] = typeof(ExitCodeTests), ["completion"] = typeof(ProcessTests),
        ["run"] = typeof(ProcessTests), ["token collect"] = typeof(CollectTests), ["webhook listen"] = typeof(ProcessTests),
    };

    private static string Root =>
        typeof(SnapshotTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [Fact]
    public async Task Commands_write_what_they_wrote()
    {
        using var ta = new Ta(service.Url, service.Admin);
        var text = new StringBuilder();
        Dictionary<string, string> known = new() { ["key"] = Guid.NewGuid().ToString("N") };
        foreach (var (line, word, input) in SnapshotLines.All)
        {
            var result = await ta.Run(Filled(line).Split(' '), Filled(input));
            text.Append($"$ ta {line}{(input.Length > 0 ? " < stdin" : "")}\n{Masked(result.Output)}");
            text.Append(result.Errors.Length > 0 ? $"! {Masked(result.Errors)}" : "").Append(result.Code != 0 ? $"= {result.Code}\n" : "").Append('\n');
            if (word is not null)
            {
                known[word] = result.Output.Trim();
            }
        }

        var file = Path.Combine(Root, "tests/Client.Tests/Cli/Commands.txt");
        if (Environment.GetEnvironmentVariable("TOKENACTORS_UPDATE") == "1")
        {
            await File.WriteAllTextAsync(file, text.ToString());
        }

        Assert.Equal(await File.ReadAllTextAsync(file), text.ToString());

        string Filled(string of) =>
            known.Aggregate(
                of, (filled, pair) => filled.Replace($"{{{pair.Key}}}", pair.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_command_is_run_here_or_by_a_test_that_is_named()
    {
        using var terminal = new Terminal(TextReader.Null, Stream.Null, TextWriter.Null, _ => null);
        var host = new CommandHost(terminal, _ => throw new InvalidOperationException(), TimeProvider.System);
        var lines = SnapshotLines.All.Select(line => $"{line.Line} ").ToList();
        var names = CommandLine.Of(host).Subcommands.SelectMany(command => NamesOf(command, "")).ToList();
        Assert.Equal(
            names.Where(name => !lines.Exists(line => line.StartsWith($"{name} ", StringComparison.Ordinal))).Order(),
            RunElsewhere.Keys.Order());
    }

    private static IEnumerable<string> NamesOf(Command command, string above) => command.Subcommands.Count == 0
        ? [$"{above}{command.Name}"]
        : command.Subcommands.SelectMany(below => NamesOf(below, $"{above}{command.Name} "));

    private static string Masked(string text)
    {
        text = Services().Replace(text, "{service}");
        text = Guids().Replace(text, "{id}");
        text = Secrets().Replace(text, "{secret}");
        text = LastFour().Replace(text, "$1{four}");
        text = Cursors().Replace(text, "--after {cursor}");
        return Times().Replace(text, "{time}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d{3,}/?")]
    private static partial Regex Services();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Guids();

    [GeneratedRegex("ta_[a-z]{3}_[0-9A-Za-z]{71}|whsec_[A-Za-z0-9+/=]+")]
    private static partial Regex Secrets();

    [GeneratedRegex(@"--after \S+")]
    private static partial Regex Cursors();

    [GeneratedRegex("(last_four[\": ]+)[0-9A-Za-z]{4}\\b")]
    private static partial Regex LastFour();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")]
    private static partial Regex Times();
}
