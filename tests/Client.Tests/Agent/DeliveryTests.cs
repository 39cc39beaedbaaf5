using System.Text;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Cli;
using TokenActors.Cli.Agent;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using TokenActors.Client.Tests.Cli;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Agent;

/// <summary>What the consumer has is looked at, not only remembered.</summary>
[Collection("service")]
public sealed class DeliveryTests(RunningService service) : IDisposable
{
    private readonly Ta _ta = new(service.Url);

    private string State => _ta.PathOf("state.json");

    private string Out => _ta.PathOf("token");

    private string Log => _ta.PathOf("log");

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task What_the_consumer_lost_is_delivered_again_without_another_refresh()
    {
        var token = await Seed();
        await Once("--seed", _ta.PathOf("seed"));
        var delivered = await File.ReadAllTextAsync(Out);
        await Once();
        Assert.Single(await File.ReadAllLinesAsync(Log));

        File.Delete(Out);
        Assert.Contains("delivering it again", (await Once()).Errors, StringComparison.Ordinal);
        Assert.Equal(delivered, await File.ReadAllTextAsync(Out));
        await File.WriteAllTextAsync(Out, "something else\n");
        await Once();
        Assert.Equal(delivered, await File.ReadAllTextAsync(Out));
        Assert.Equal(3, (await File.ReadAllLinesAsync(Log)).Length);

        await Once("--format", "env");
        Assert.Equal($"TA_TOKEN={delivered}", await File.ReadAllTextAsync(Out));
        (await _ta.Run(["agent", "run", "--once", "--state", State, "--out", _ta.PathOf("other")])).Is(0);
        Assert.Equal(delivered, await File.ReadAllTextAsync(_ta.PathOf("other")));
        Assert.Equal(4, (await File.ReadAllLinesAsync(Log)).Length);

        var refreshes = await service.Client.Audit.List(new() { Filters = [$"subject_id[eq]{token.Id}", "event[eq]token.refreshed"] }).Page();
        Assert.Single(refreshes.Items);
    }

    /// <summary>A kill between the consumer and the command is no end of it.</summary>
    [Fact]
    public async Task A_command_that_fails_after_a_delivery_of_what_was_lost_is_run_again()
    {
        await Seed();
        await Once("--seed", _ta.PathOf("seed"));
        File.Delete(Out);
        string[] again = ["agent", "run", "--once", "--state", State, "--out", Out, "--on-change"];
        (await _ta.Run([.. again, "exit 3"])).Is(1);
        (await _ta.Run([.. again, $"echo ran >> '{Log}'"])).Is(0);
        Assert.Equal(2, (await File.ReadAllLinesAsync(Log)).Length);
    }

    [Fact]
    public async Task While_it_waits_it_looks_each_minute()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var began = time.GetUtcNow();
        var store = new CredentialFile(State);
        await store.Save(
            new(new Secret("ta_def_access"), new Secret("ta_def_refresh")) { RenewedAt = began, ExpiresAt = began.AddHours(12), IsDelivered = true }, default);
        using var terminal = new Terminal(TextReader.Null, Stream.Null, TextWriter.Null, _ => null);
        using var ending = new CancellationTokenSource();
        var parsed = CommandLine.Of(new CommandHost(terminal, _ => service.Client, time)).Parse("agent run");
        var invocation = new Invocation(parsed, terminal, _ => service.Client, time, ending.Token);
        var agent = new CredentialAgent(
            invocation, store, new Renewal(service.Client, store, time), new ConsumerFile(Out, ConsumerFormat.Text), onChange: null);
        var running = Task.Run(() => agent.Run(null, isOnce: false, ending.Token));
        for (var loss = 0; loss < 2; loss++)
        {
            await Eventually.Holds(() =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return File.Exists(Out);
            });
            Assert.Equal("ta_def_access\n", await File.ReadAllTextAsync(Out));
            File.Delete(Out);
        }

        Assert.True(time.GetUtcNow() < began.AddHours(1), "it looks seldom");
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_Secret_that_was_removed_is_delivered_again()
    {
        await using var cluster = await FakeCluster.Start();
        var secret = new ConsumerSecret(new KubernetesSecrets(cluster.Client().CoreV1, FakeCluster.Space), "deploy");
        var credential = new StoredCredential(new Secret("ta_def_access"), new Secret("ta_def_refresh"));
        Assert.False(await secret.Has(credential, default));
        await secret.Publish(credential, default);
        Assert.True(await secret.Has(credential, default));
        Assert.False(await secret.Has(credential with { Access = new Secret("ta_def_other") }, default));
        cluster.Remove("secrets/deploy");
        Assert.False(await secret.Has(credential, default));
    }

    /// <summary>The consumer would read the refresh secret, or the agent take for its own what it wrote for the
    /// consumer.</summary>
    [Theory]
    [InlineData("--state {0}/a --out {0}/a")]
    [InlineData("--state {0}/a --out {0}/b/../a")]
    [InlineData("--state {0}/a --out {0}/link/a")]
    [InlineData("--state {0}/a --out {0}/a.lock")]
    [InlineData("--state {0}/a --out {0}/seed --seed {0}/seed")]
    [InlineData("--state {0}/seed --out {0}/a --seed {0}/seed")]
    [InlineData("--state-secret a --out-secret a")]
    public async Task State_credential_and_seed_are_different_places(string places)
    {
        await Seed();
        var folder = Path.GetDirectoryName(State)!;
        Directory.CreateSymbolicLink(_ta.PathOf("link"), folder);
        var seed = await File.ReadAllTextAsync(_ta.PathOf("seed"));
        var line = string.Format(System.Globalization.CultureInfo.InvariantCulture, places, folder);
        var more = line.Contains("--seed ", StringComparison.Ordinal) ? "" : $" --seed {_ta.PathOf("seed")}";
        Assert.Contains(
            "different", (await _ta.Run($"agent run --once {line}{more}")).Is(2).Errors, StringComparison.Ordinal);
        Assert.Equal(seed, await File.ReadAllTextAsync(_ta.PathOf("seed")));
        Assert.False(File.Exists(_ta.PathOf("a")));
        Directory.Delete(_ta.PathOf("link"));
    }

    private async Task<Token> Seed()
    {
        var token = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = "1h" }).Send();
        await File.WriteAllTextAsync(
            _ta.PathOf("seed"), $"{token.Secrets!.Access.Reveal()}\n{token.Secrets.Refresh!.Reveal()}\n",
            Encoding.ASCII);
        return token;
    }

    private async Task<TaResult> Once(params string[] more) =>
        (await _ta.Run(["agent", "run", "--once", "--state", State, "--out", Out, "--on-change", $"echo ran >> '{Log}'", .. more])).Is(0);
}
