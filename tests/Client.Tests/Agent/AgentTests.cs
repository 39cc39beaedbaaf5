using System.Diagnostics;
using System.Text.Json.Nodes;
using TokenActors.Cli.Credentials;
using TokenActors.Client.Tests.Cli;
using TokenActors.Client.Tests.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Agent;

/// <summary>An agent over one credential, whatever happens to it. <c>TOKENACTORS_LONG=1</c> kills it 200
/// times.</summary>
[Collection("service")]
public sealed class AgentTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url);

    private string State => _ta.PathOf("state.json");

    private string Out => _ta.PathOf("token");

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task An_agent_that_is_killed_at_random_loses_nothing_and_is_never_locked_out()
    {
        var kills = Environment.GetEnvironmentVariable("TOKENACTORS_LONG") == "1" ? 200 : 20;
        var token = await Seed("2s");
        for (var kill = 0; kill < kills; kill++)
        {
            var before = File.Exists(State) ? await File.ReadAllBytesAsync(State) : [];
            using var process = Agent("--seed", _ta.PathOf("seed"));
            var output = _ta.Finish(process);
            if (kill % 3 == 0)
            {
                // However slow the machine is, every third one gets as far as a refresh.
                await Refreshed(before);
            }

            await Task.Delay(
                TimeSpan.FromMilliseconds(System.Security.Cryptography.RandomNumberGenerator.GetInt32(200, 2600)),
                TimeProvider.System);
            Assert.False(process.HasExited, process.HasExited ? (await output).Errors : "");
            process.Kill();
            await output;
        }

        (await _ta.Finish(Agent("--once"))).Is(0);
        var state = StoredCredential.Read(await File.ReadAllBytesAsync(State));
        Assert.Equal(state.Access!.Reveal() + "\n", await File.ReadAllTextAsync(Out));
        Assert.True((await service.Client.Tokens.Introspect([state.Refresh!], areRefreshSecrets: true))[0].Active);
        var history = await Events(token.Id);
        Assert.True(history.Count(e => e == "token.refreshed") >= kills / 3, "the agent refreshed");
        Assert.DoesNotContain("token.reuse_detected", history);
    }

    /// <summary>An init container that ends well has told everybody.</summary>
    [Fact]
    public async Task A_command_that_fails_fails_an_agent_that_runs_once()
    {
        await Seed("1h");
        var log = _ta.PathOf("log");
        string[] once = ["--seed", _ta.PathOf("seed"), "--once", "--on-change", $"echo ran >> '{log}'; test -e '{_ta.PathOf("ready")}'"];
        Assert.Contains("failed", (await _ta.Finish(Agent(once))).Is(1).Errors, StringComparison.Ordinal);
        await File.WriteAllTextAsync(_ta.PathOf("ready"), "");
        (await _ta.Finish(Agent(once))).Is(0);
        (await _ta.Finish(Agent(once))).Is(0);
        Assert.Equal(2, (await File.ReadAllLinesAsync(log)).Length);
    }

    /// <summary>Waits until the stored credential is another.</summary>
    private Task Refreshed(byte[] before) =>
        Eventually.Holds(
            () => File.Exists(State) && !File.ReadAllBytes(State).AsSpan().SequenceEqual(before),
            within: TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(WireFault.AnswerLost)]
    [InlineData(WireFault.AnswerCut)]
    [InlineData(WireFault.Unavailable)]
    [InlineData(WireFault.Page)]
    public async Task A_refresh_whose_answer_was_lost_is_repeated_under_the_stored_key(WireFault fault)
    {
        var token = await Seed("1h");
        var file = new CredentialFile(State);
        await file.Save(new(token.Secrets!.Access, token.Secrets.Refresh), default);
        using var handler = new FaultyHandler(fault);
        var client = service.ClientOf(null, handler, options => options.Retries = 0);
        var renewal = new Renewal(client, file, TimeProvider.System);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => renewal.Renew(file.Load()!, default));
        Assert.NotNull(file.Load()!.Attempt);
        var renewed = await renewal.Renew(file.Load()!, default);
        Assert.NotNull(Assert.Single(handler.Keys.Distinct()));
        Assert.True((await service.Client.Tokens.Introspect([renewed.Access!]))[0].Active);
        Assert.Equal(renewed.Access!.Reveal(), file.Load()!.Access!.Reveal());
    }

    [Fact]
    public async Task A_kill_before_the_new_pair_is_stored_gets_the_same_pair_again()
    {
        var token = await Seed("1h");
        var file = new CredentialFile(State);
        var begun = new StoredCredential(token.Secrets!.Access, token.Secrets.Refresh)
        {
            Attempt = new RenewalAttempt(Guid.NewGuid().ToString(), TimeProvider.System.GetUtcNow()),
        };
        var first = await new Renewal(service.ClientOf(null), file, TimeProvider.System).Renew(begun, default);
        var second = await new Renewal(service.ClientOf(null), file, TimeProvider.System).Renew(begun, default);
        Assert.Equal(first.Access!.Reveal(), second.Access!.Reveal());
        Assert.Equal(first.Refresh!.Reveal(), second.Refresh!.Reveal());
    }

    [Fact]
    public async Task Of_two_agents_on_one_credential_one_waits()
    {
        var token = await Seed("1h");
        using var first = Agent("--seed", _ta.PathOf("seed"));
        await Eventually.Holds(() => File.Exists(Out));
        using var second = Agent("--once");
        Assert.Contains("another agent", await second.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        Assert.False(second.HasExited);
        first.Kill();
        (await _ta.Finish(second)).Is(0);
        Assert.Single(await Events(token.Id), e => e == "token.refreshed");
    }

    [Fact]
    public async Task The_consumers_file_is_its_owners_and_the_command_runs_after_each_change()
    {
        await Seed("2s");
        var log = _ta.PathOf("log");
        using var process = Agent("--seed", _ta.PathOf("seed"), "--format", "json", "--on-change", $"cat '{Out}' >> '{log}'");
        var output = _ta.Finish(process);
        await Eventually.Holds(() => File.Exists(log) && File.ReadAllLines(log).Length >= 3);
        Ta.Signal(process, "TERM");
        (await output).Is(0);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Out));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(State));
        var lines = (await File.ReadAllLinesAsync(log)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(lines.Count, lines.Select(line => (string?)line["access"]).Distinct().Count());
        Assert.Equal((string?)lines[0]["access"], (string?)lines[1]["previous"]);
    }

    [Fact]
    public async Task A_command_that_hangs_is_killed_and_the_credential_goes_on()
    {
        await Seed("6s");
        var log = _ta.PathOf("log");
        using var process = Agent("--seed", _ta.PathOf("seed"), "--on-change", $"cat '{Out}' >> '{log}'; sleep 8; echo ended >> '{log}'");
        var output = _ta.Finish(process);
        await Eventually.Holds(() => File.Exists(log) && File.ReadAllLines(log).Distinct().Count() >= 3);
        var secrets = (await File.ReadAllLinesAsync(log)).Distinct().ToList();
        Assert.True(
            (await service.Client.Tokens.Introspect([new Secret(secrets[^1])]))[0].Active,
            "the last one that was delivered is accepted");
        Ta.Signal(process, "TERM");
        Assert.Contains(
            "the command did not end within 2 s and was killed.", (await output).Is(0).Errors,
            StringComparison.Ordinal);
        Assert.DoesNotContain("ended", secrets);
    }

    [Fact]
    public async Task A_place_that_is_gone_for_a_while_is_waited_for()
    {
        await Seed("2s");
        var place = _ta.PathOf("place");
        var file = Path.Combine(place, "token");
        string[] line = ["agent", "run", "--state", State, "--out", file, "--seed", _ta.PathOf("seed")];
        using var process = _ta.Start(line);
        await Eventually.Holds(() => File.Exists(file));
        Directory.Delete(place, recursive: true);
        await File.WriteAllTextAsync(place, "in the way");
        await Eventually.Holds(async () =>
        {
            var note = await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
            return Assert.IsType<string>(note).Contains("Trying again", StringComparison.Ordinal);
        });

        File.Delete(place);
        await Eventually.Holds(() => File.Exists(file));
        Ta.Signal(process, "TERM");
        (await _ta.Finish(process)).Is(0);
    }

    [Fact]
    public async Task Another_seed_replaces_the_state_and_the_same_one_does_not()
    {
        var first = await Seed("1h");
        (await _ta.Finish(Agent("--seed", _ta.PathOf("seed"), "--once"))).Is(0);
        var kept = await File.ReadAllTextAsync(Out);
        (await _ta.Finish(Agent("--seed", _ta.PathOf("seed"), "--once"))).Is(0);
        Assert.Equal(kept, await File.ReadAllTextAsync(Out));
        var second = await Seed("1h");
        (await _ta.Finish(Agent("--seed", _ta.PathOf("seed"), "--once"))).Is(0);
        Assert.Equal(
            (first.Id, second.Id), (TokenIds.Of(kept.Trim()), TokenIds.Of((await File.ReadAllTextAsync(Out)).Trim())));
    }

    [Fact]
    public async Task A_credential_that_was_revoked_ends_the_agent_with_what_to_do()
    {
        var token = await Seed("1h");
        await service.Client.Tokens.Delete(token.Id).Send();
        var ended = (await _ta.Finish(Agent("--seed", _ta.PathOf("seed")))).Is(4);
        Assert.Contains("new seed", ended.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await _ta.Run($"agent run --state {_ta.PathOf("none")} --out {Out}")).Code);
        Assert.Equal(2, (await _ta.Run("agent run")).Code);
    }

    [Fact]
    public void The_end_for_good_is_known_by_the_kind_and_warned_of_before()
    {
        var made = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var session = new StoredCredential(null, new Secret("ta_log_x")) { CreatedAt = made };
        Assert.Equal((made.AddDays(30), made.AddDays(24)), TokenActors.Cli.Agent.LongestLives.EndOf(session));
        Assert.Null(TokenActors.Cli.Agent.LongestLives.EndOf(session with { Refresh = new Secret("ta_def_x") }));
        var timed = session with { RenewedAt = made, ExpiresAt = made.AddHours(3) };
        Assert.Equal(TimeSpan.FromHours(2), timed.DueIn(made));
        Assert.DoesNotContain("ta_log_x", timed.ToString(), StringComparison.Ordinal);
    }

    private async Task<Token> Seed(string life)
    {
        var token = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = life }).Send();
        await File.WriteAllTextAsync(
            _ta.PathOf("seed"), $"{token.Secrets!.Access.Reveal()}\n{token.Secrets.Refresh!.Reveal()}\n");
        return token;
    }

    private Process Agent(params string[] more) => _ta.Start(["agent", "run", "--state", State, "--out", Out, .. more]);

    private async Task<List<string>> Events(string id)
    {
        List<string> events = [];
        await foreach (var row in service.Client.Audit.List(new() { Filters = [$"subject_id[eq]{id}"] }))
        {
            events.Add(row.Event);
        }

        return events;
    }
}
