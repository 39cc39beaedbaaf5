using System.Diagnostics;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Client.Tests.Cli;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Agent;

/// <summary>A seed that is older than what is kept never takes its place again.</summary>
[Collection("service")]
public sealed class SeedTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url);

    private string State => _ta.PathOf("state.json");

    private string Out => _ta.PathOf("token");

    public void Dispose() => _ta.Dispose();

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"secrets":3}""")]
    [InlineData("""{"secrets":["a"]}""")]
    [InlineData("""{"secrets":{"refresh":{}}}""")]
    [InlineData("""{"secrets":{"refresh":"\ud800"}}""")]
    [InlineData("""{"secrets":1,"secrets":2}""")]
    public void What_is_no_seed_is_wrong_input_and_no_bug(string text) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CliException>(() => TokenActors.Cli.Agent.Seed.Read(text)).ExitCode);

    [Fact]
    public async Task A_seed_that_was_taken_before_another_one_is_not_taken_again()
    {
        var (first, second) = (await Seed("first"), await Seed("second"));
        await Once("first");
        await Once("second");
        var said = await Once("first");
        Assert.Contains("going on with what is kept", said.Errors, StringComparison.Ordinal);
        Assert.Equal(second, await Delivered());
        Assert.NotEqual(first, second);

        // A third one is newer than both, and what was left out stays out.
        var third = await Seed("third");
        await Once("third");
        await Once("second");
        await Once("first");
        Assert.Equal(third, await Delivered());
    }

    /// <summary>It was started when the first seed was the one to begin with, and gets its turn when a second one is
    /// kept.</summary>
    [Fact]
    public async Task A_standby_goes_on_with_what_was_begun_while_it_waited()
    {
        await Seed("first");
        var second = await Seed("second");
        using var active = Agent("first");
        await Eventually.Holds(() => File.Exists(Out));
        using var standby = Agent("first");
        Assert.Contains("another agent", await standby.StandardError.ReadLineAsync(), StringComparison.Ordinal);

        // Another one is begun with, as an agent does that gets its turn before the standby.
        var credential = TokenActors.Cli.Agent.Seed.Read(await File.ReadAllTextAsync(_ta.PathOf("second")));
        await new CredentialFile(State).Save(credential, default);
        active.Kill();
        await Eventually.Holds(
            () => TokenIds.Of(File.ReadAllText(Out).Trim()) == second, within: TimeSpan.FromSeconds(60));
        Ta.Signal(standby, "TERM");
        (await _ta.Finish(standby)).Is(0);
        Assert.Equal(second, await Delivered());

        // Started again with the same file, it knows.
        await Once("first");
        Assert.Equal(second, await Delivered());
    }

    private async Task<string> Seed(string name)
    {
        var token = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = "1h" }).Send();
        await File.WriteAllTextAsync(_ta.PathOf(name), token.Secrets!.Refresh!.Reveal());
        return token.Id;
    }

    private async Task<string?> Delivered() => TokenIds.Of((await File.ReadAllTextAsync(Out)).Trim());

    private Process Agent(string seed) =>
        _ta.Start("agent", "run", "--state", State, "--out", Out, "--seed", _ta.PathOf(seed));

    private async Task<TaResult> Once(string seed) =>
        (await _ta.Run($"agent run --once --state {State} --out {Out} --seed {_ta.PathOf(seed)}")).Is(0);
}
