using System.CommandLine;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Client.Tests.Cli;

/// <summary>
/// Every command of the tree, typed wrongly in the same ways: it is told in one line, and before anything is asked of
/// the service.
/// </summary>
public sealed class CommandTreeTests : IAsyncLifetime
{
    private StubService _stub = null!;
    private Ta _ta = null!;

    private static IReadOnlyList<(string Line, Command Command)> Commands { get; } = [.. Known()];

    public async Task InitializeAsync()
    {
        _stub = await StubService.Start(404, """{"detail":"There is nothing."}""");
        _ta = new Ta(_stub.Url, "ta_org_secret");
    }

    public async Task DisposeAsync()
    {
        _ta.Dispose();
        await _stub.DisposeAsync();
    }

    [Fact]
    public Task A_command_without_an_argument_that_it_needs_asks_nothing() => Each(
        command => command.Arguments.Any(argument => argument.Arity.MinimumNumberOfValues > 0),
        (line, command) => [.. line.Split(' '), .. Wanted(command)]);

    [Fact]
    public Task A_command_without_an_option_that_it_needs_asks_nothing() => Each(
        command => command.Options.Any(option => option.Required),
        (line, command) => [.. line.Split(' '), .. Words(command)]);

    /// <summary>What programs start is the programs' own.</summary>
    [Fact]
    public Task A_command_with_a_word_too_many_asks_nothing() => Each(
        command => command.TreatUnmatchedTokensAsErrors
            && command.Arguments.All(argument => argument.Arity.MaximumNumberOfValues <= 1),
        (line, command) => [.. line.Split(' '), .. Words(command), .. Wanted(command), "one-too-many"]);

    [Theory]
    [InlineData("--outpt")]
    [InlineData("--no-such-option")]
    [InlineData("--secret=ta_org_secret")]
    [InlineData("-z")]
    public Task A_command_with_an_option_that_there_is_not_asks_nothing(string option) => Each(
        command => command.TreatUnmatchedTokensAsErrors,
        (line, command) => [.. line.Split(' '), .. Words(command), .. Wanted(command), option],
        line => option == "--outpt" || line.Length % 7 == option.Length % 7);

    [Fact]
    public Task An_option_without_its_value_asks_nothing() => Each(
        command => command.TreatUnmatchedTokensAsErrors && OptionsOf(command).Any(),
        (line, command) => [.. line.Split(' '), .. Words(command), .. Wanted(command), OptionsOf(command).First().Name],
        line => !line.StartsWith("completion", StringComparison.Ordinal));

    [Theory]
    [InlineData("ten")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("0x10")]
    [InlineData("")]
    public Task A_number_that_is_none_asks_nothing(string number) => Each(
        command => NumberOf(command) is not null,
        (line, command) =>
            [.. line.Split(' '), .. Words(command), .. Wanted(command), $"{NumberOf(command)!.Name}={number}"]);

    [Theory]
    [InlineData("xml")]
    [InlineData("Table,Json")]
    [InlineData("7")]
    [InlineData("-1")]
    public Task A_format_that_there_is_not_asks_nothing(string format) => Each(
        command => command.TreatUnmatchedTokensAsErrors,
        (line, command) => [.. line.Split(' '), .. Words(command), .. Wanted(command), $"--output={format}"],
        line => line.StartsWith("token", StringComparison.Ordinal) && line.Length % 3 == format.Length % 3);

    /// <summary>A name that is empty, as of a variable that is not set, would otherwise name the list.</summary>
    [Fact]
    public Task A_name_that_is_empty_names_nothing() => Each(
        command => command.Arguments.FirstOrDefault() is
        {
            Name: "token" or "id" or "job" or "import" or "webhook" or "account" or "owner" or "intent"
        },
        (line, command) => [.. line.Split(' '), .. Words(command).Select(_ => ""), .. Wanted(command),
            .. Sure(command), .. Something(line)]);

    [Fact]
    public async Task Help_of_every_command_names_its_options_and_asks_nothing()
    {
        foreach (var (line, command) in Commands)
        {
            var help = (await _ta.Run($"{line} --help")).Is(0);
            Assert.Empty(help.Errors);
            Assert.Contains(command.Description!, help.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
            Assert.All(command.Options.Where(option => !option.Hidden),
                option => Assert.Contains(option.Name, help.Output, StringComparison.Ordinal));
        }

        Assert.Empty(_stub.Asked);
    }

    /// <summary>No preview changes anything, whatever its command asks before it.</summary>
    [Fact]
    public async Task A_dry_run_sends_no_change_whatever_the_command()
    {
        await using var stub = await StubService.Start((context, request) => StubService.Answer(
            context, 200,
            request.Target.EndsWith("import-schemes", StringComparison.Ordinal)
                ? """{"items":[{"id":"s-1","name":"old","prefix":"old_"}]}"""
            : request.Target.Contains("dry_run", StringComparison.Ordinal)
                ? """{"would_change":true,"status":200,"change":"token.reset"}"""
            : RefusalTests.TokenOf("nightly")));
        using var ta = new Ta(stub.Url, "ta_org_secret");
        foreach (var line in CommandLines.Previewed)
        {
            var before = stub.Asked.Count;
            var result = await ta.RunLine($"{line} --dry-run");
            Assert.DoesNotContain("bug of ta", result.Errors, StringComparison.Ordinal);
            Assert.True(stub.Asked.Count > before, $"{line}: {result.Errors}");
        }

        Assert.All(stub.Asked, asked => Assert.True(asked.IsQuestion, $"{asked.Method} {asked.Target}"));
    }

    /// <summary>What takes something away is not done where nobody can be asked, and is not even sent.</summary>
    [Fact]
    public async Task Without_yes_nothing_that_takes_something_away_is_sent()
    {
        await using var stub = await StubService.Start((context, request) => StubService.Answer(
            context, 200,
            request.Target.EndsWith("import-schemes", StringComparison.Ordinal)
                ? """{"items":[{"id":"s-1","name":"old","prefix":"old_"}]}"""
            : request.Target.Contains("dry_run", StringComparison.Ordinal)
                ? """{"would_change":true,"status":200,"change":"x","plan":"p","ends_former":{"ends_at":"2030-01-01T00:00:00Z"}}"""
            : request.Target.Contains("/jobs/", StringComparison.Ordinal)
                ? """{"id":"p","kind":"revoke","state":"planned","total":3}"""
            : RefusalTests.TokenOf("nightly")));
        using var ta = new Ta(stub.Url, "ta_org_secret");
        foreach (var line in CommandLines.Previewed.Concat(CommandLines.Changes)
            .Append($"token move-deadline {CommandLines.Id} 2020-01-01T00:00:00Z --yes")
            .Where(line => line.EndsWith(" --yes", StringComparison.Ordinal)))
        {
            var result = await ta.RunLine(line.Replace(" --yes", "", StringComparison.Ordinal));
            if (!line.StartsWith("token collect", StringComparison.Ordinal))
            {
                Assert.Contains("say --yes", result.Is(2).Errors, StringComparison.Ordinal);
            }
        }

        Assert.All(stub.Asked, asked => Assert.True(asked.IsQuestion, $"{asked.Method} {asked.Target}"));
    }

    /// <summary>By what they are called, so that a new one is not forgotten.</summary>
    [Fact]
    public void Whatever_takes_something_away_can_ask_first()
    {
        string[] taking = ["delete", "revoke", "reset", "rotate", "refresh", "remove-secondary", "disable", "move-deadline"];
        var found = Known().Where(known => taking.Contains(known.Command.Name)).ToList();
        Assert.True(found.Count >= 15, $"{found.Count}");
        Assert.All(found, known => Assert.Contains(known.Command.Options, option => option.Name == "--yes"));
    }

    private static IEnumerable<(string Line, Command Command)> Known()
    {
        using var terminal = new Terminal(TextReader.Null, Stream.Null, TextWriter.Null, _ => null);
        var host = new CommandHost(terminal, _ => throw new InvalidOperationException(), TimeProvider.System);
        return [.. CommandLine.Of(host).Subcommands.SelectMany(command => Below(command, command.Name))];
    }

    private static IEnumerable<(string Line, Command Command)> Below(Command command, string line) =>
        command.Subcommands.Count == 0
        ? [(line, command)]
        : command.Subcommands.SelectMany(below => Below(below, $"{line} {below.Name}"));

    /// <summary>A word for each argument that has to be there.</summary>
    private static IEnumerable<string> Words(Command command) =>
        command.Arguments.Where(argument => argument.Arity.MaximumNumberOfValues == 1).Select(
            argument => argument.Name is "shell" ? "bash" : "word");

    private static IEnumerable<string> Wanted(Command command) =>
        command.Options.Where(option => option.Required).SelectMany(option => new[] { option.Name, "x" });

    private static IEnumerable<string> Sure(Command command) =>
        command.Options.Where(option => option.Name == "--yes").Select(option => option.Name);

    /// <summary>Edits that change nothing are refused for that.</summary>
    private static string[] Something(string line) => line switch
    {
        "token edit" or "webhook edit" => ["--description", "d"],
        _ when line.EndsWith(" edit", StringComparison.Ordinal) => ["--set", "fullname=A"],
        _ => [],
    };

    private static IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Where(option => option.ValueType == typeof(string) && !option.Required && !option.Hidden);

    private static Option? NumberOf(Command command) =>
        command.Options.FirstOrDefault(option => option.ValueType == typeof(int?) || option.ValueType == typeof(int)
            || option.ValueType == typeof(long?));

    private async Task Each(
        Func<Command, bool> isMeant, Func<string, Command, string[]> words, Func<string, bool>? isLineMeant = null)
    {
        List<string> wrong = [];
        var meant = Commands.Where(
            known => isMeant(known.Command) && isLineMeant?.Invoke(known.Line) != false).ToList();
        Assert.NotEmpty(meant);
        foreach (var (line, command) in meant)
        {
            var result = await _ta.Run(words(line, command)).WaitAsync(TimeSpan.FromSeconds(20));
            if (result.Code != 2 || result.Output.Length > 0
                || result.Errors.TrimEnd().Split('\n') is not [['t', 'a', ':', ' ', .. var said]]
                || said.Contains("System.", StringComparison.Ordinal) || said.Contains("bug", StringComparison.Ordinal))
            {
                wrong.Add($"{line}: {result.Code}: {result.Errors.TrimEnd()} {result.Output}");
            }
        }

        Assert.Empty(wrong);
        Assert.Empty(_stub.Asked);
    }
}
