using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Cli.Agent;
using TokenActors.Cli.Credentials;
using TokenActors.Cli.Foundation;
using TokenActors.Client.Tests.Cli;
using TokenActors.Client.Tests.Client;
using TokenActors.Client.Tokens;

namespace TokenActors.Client.Tests.Agent;

/// <summary>An agent whose state and consumer are Secrets of a cluster.</summary>
[Collection("service")]
public sealed class KubernetesTests(RunningService service) : IAsyncLifetime, IDisposable
{
    private const string State = "secrets/deploy-state";
    private const string Out = "secrets/deploy";

    private readonly Ta _ta = new(service.Url);
    private FakeCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        _cluster = await FakeCluster.Start();
        await Configure("agents-own");
        _ta.Environment["KUBECONFIG"] = _ta.PathOf("kubeconfig");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    public void Dispose() => _ta.Dispose();

    [Fact]
    public async Task Secrets_are_made_and_replaced_with_each_new_pair()
    {
        var token = await Seed("2s");
        using var process = Agent("--seed", _ta.PathOf("seed"));
        var output = _ta.Finish(process);
        await Eventually.Holds(() => _cluster.DataOf("deploy", "access") is { Length: > 0 });
        var first = _cluster.DataOf("deploy", "access");
        await Eventually.Holds(() => _cluster.DataOf("deploy", "previous") == first);
        Ta.Signal(process, "TERM");
        (await output).Is(0);
        var state = StoredCredential.Read(Encoding.UTF8.GetBytes(_cluster.DataOf("deploy-state", "state")!));
        Assert.Equal(state.Access!.Reveal(), _cluster.DataOf("deploy", "access"));
        Assert.Equal(state.ExpiresAt, DateTimeOffset.Parse(
            _cluster.DataOf("deploy", "expires_at")!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(token.Id, TokenIds.Of(_cluster.DataOf("deploy", "access")!));
        Assert.True((await service.Client.Tokens.Introspect([state.Refresh!], areRefreshSecrets: true))[0].Active);
        Assert.Equal("", (string?)_cluster.Find("leases/deploy-state")!["spec"]!["holderIdentity"]);
        Assert.Equal(
            ["POST secrets/deploy 201", "POST secrets/deploy-state 201"],
            _cluster.Calls.Where(call => call.StartsWith("POST s", StringComparison.Ordinal)).Order());
    }

    /// <summary>No timer waits for months: the agent looks again once a day.</summary>
    [Fact]
    public async Task A_pair_that_lives_for_months_is_waited_for()
    {
        await Seed("2160h");
        using var process = Agent("--seed", _ta.PathOf("seed"));
        var output = _ta.Finish(process);
        await Eventually.Holds(() => _cluster.DataOf("deploy-state", "state") is { } state
            && StoredCredential.Read(Encoding.UTF8.GetBytes(state)).IsDelivered);
        var calls = _cluster.Calls.Count;
        await Eventually.Holds(
            () => _cluster.Calls.Skip(calls).Count(call => call == "PUT leases/deploy-state 200") > 1);
        Ta.Signal(process, "TERM");
        (await output).Is(0);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_named()
    {
        await Seed("1h");
        _cluster.Fault = (_, kind, _) => kind == "leases" ? 404 : null;
        Assert.Contains("namespace", Line((await Once()).Is(3)), StringComparison.Ordinal);
    }

    /// <summary>As deploy/agent makes them beforehand, since the agent's role may not.</summary>
    [Fact]
    public async Task What_an_operator_gave_a_Secret_stays()
    {
        foreach (var path in new[] { State, Out })
        {
            _cluster.Put(path, new JsonObject
            {
                ["type"] = "example.com/credential",
                ["metadata"] = new JsonObject
                {
                    ["labels"] = new JsonObject { ["team"] = "blue" }, ["annotations"] = new JsonObject { ["note"] = "kept" },
                    ["ownerReferences"] = new JsonArray(new JsonObject
                    {
                        ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["name"] = "owner", ["uid"] = "u-1",
                    }),
                },
                ["data"] = new JsonObject { ["url"] = Convert.ToBase64String("https://example.com"u8) },
            });
        }

        _cluster.Fault = (method, kind, _) => (method, kind) is ("POST", "secrets") ? 403 : null;
        await Seed("1h");
        (await Once()).Is(0);
        foreach (var (path, key) in new[] { (State, "state"), (Out, "access") })
        {
            var there = _cluster.Find(path)!;
            Assert.Equal(
                ("blue", "kept", "u-1", "example.com/credential"),
                ((string?)there["metadata"]!["labels"]!["team"], (string?)there["metadata"]!["annotations"]!["note"],
                    (string?)there["metadata"]!["ownerReferences"]![0]!["uid"], (string?)there["type"]));
            Assert.Equal("https://example.com", _cluster.DataOf(path.Split('/')[1], "url"));
            Assert.NotNull(_cluster.DataOf(path.Split('/')[1], key));
        }
    }

    [Theory]
    [InlineData(State)]
    [InlineData(Out)]
    public async Task A_Secret_that_an_operator_labels_meanwhile_is_written_on_the_next_try(string path)
    {
        await Seed("1h");
        (await Once()).Is(0);
        Meanwhile(
            path,
            () => _cluster.Edit(path, there => there["metadata"]!["labels"] = new JsonObject { ["seen"] = "yes" }));
        await Seed("1h");
        (await Once()).Is(0);
        Assert.Contains($"PUT {path} 409", _cluster.Calls);
        Assert.Equal("yes", (string?)_cluster.Find(path)!["metadata"]!["labels"]!["seen"]);
        Assert.Equal(
            StoredCredential.Read(Encoding.UTF8.GetBytes(_cluster.DataOf("deploy-state", "state")!)).Access!.Reveal(),
            _cluster.DataOf("deploy", "access"));
    }

    [Theory]
    [InlineData(State)]
    [InlineData(Out)]
    public async Task A_Secret_that_is_removed_meanwhile_is_made_anew(string path)
    {
        await Seed("1h");
        (await Once()).Is(0);
        Meanwhile(path, () => _cluster.Remove(path));
        await Seed("1h");
        (await Once()).Is(0);
        Assert.Contains($"PUT {path} 404", _cluster.Calls);
        Assert.Equal(TokenIds.Of((await SeedText()).Split('\n')[0]), TokenIds.Of(_cluster.DataOf("deploy", "access")!));
    }

    [Fact]
    public async Task A_state_that_somebody_else_wrote_meanwhile_is_not_written_over()
    {
        await Seed("1h");
        (await Once()).Is(0);
        Meanwhile(State, () => _cluster.Edit(State, there => there["data"]!["state"] = Convert.ToBase64String("{}"u8)));
        await Seed("1h");
        Assert.Contains("Somebody else", (await Once()).Is(1).Errors, StringComparison.Ordinal);
        Assert.Equal("{}", _cluster.DataOf("deploy-state", "state"));
        _cluster.Edit(State, there => there["data"]!["state"] = Convert.ToBase64String("nothing"u8));
        Assert.Contains("cannot be read", (await Once()).Is(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_refuses_is_named_in_one_line()
    {
        await Seed("1h");
        _cluster.Fault = (_, kind, _) => kind == "leases" ? 403 : null;
        Assert.Contains("deploy/agent", Line((await Once()).Is(5)), StringComparison.Ordinal);
        _cluster.Fault = (method, kind, _) => (method, kind) is ("POST", "secrets") ? 403 : null;
        Assert.Contains("the Secret deploy-state", Line((await Once()).Is(5)), StringComparison.Ordinal);
        _cluster.Fault = null;
        await Configure("another");
        Assert.Contains("own token", Line((await Once()).Is(4)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_ta.PathOf("kubeconfig"), "kind: Config\ncurrent-context: none\n");
        Assert.Contains("configuration", Line((await Once()).Is(2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_is_away_is_asked_again_and_the_pair_that_it_could_not_store_is_not_lost()
    {
        await Seed("1h");
        var failures = 0;
        _cluster.Fault = (method, kind, name) => (method, kind, name) is ("PUT", "secrets", "deploy-state") && failures++ == 1 ? 503 : null;
        using var process = Agent("--seed", _ta.PathOf("seed"));
        var output = _ta.Finish(process);
        await Eventually.Holds(() => _cluster.DataOf("deploy", "access") is { Length: > 0 });
        Ta.Signal(process, "TERM");
        Assert.Contains("503", (await output).Is(0).Errors, StringComparison.Ordinal);
        Assert.True(
            (await service.Client.Tokens.Introspect([new Secret(_cluster.DataOf("deploy", "access")!)]))[0].Active);
    }

    /// <summary>The service repeats an answer for ten minutes; the store may be away for longer.</summary>
    [Fact]
    public async Task An_answer_that_could_not_be_stored_is_stored_later_without_another_call()
    {
        var token = await Seed("1h");
        using var handler = new FaultyHandler(WireFault.None);
        var store = new SecretStore(new KubernetesSecrets(_cluster.Client().CoreV1, FakeCluster.Space), "deploy-state");
        await store.Load(default);
        await store.Save(new(token.Secrets!.Access, token.Secrets.Refresh), default);
        var renewal = new Renewal(service.ClientOf(null, handler), store, TimeProvider.System);
        var puts = 0;
        _cluster.Fault = (method, _, _) => method == "PUT" && ++puts is 2 or 3 ? 503 : null;
        var begun = (await store.Load(default))!;
        Assert.True((await Assert.ThrowsAsync<CliException>(() => renewal.Renew(begun, default))).IsPassing);
        Assert.True((await Assert.ThrowsAsync<CliException>(async () => await renewal.Renew((await store.Load(default))!, default))).IsPassing);
        var renewed = await renewal.Renew((await store.Load(default))!, default);
        Assert.Single(handler.Keys);
        Assert.Equal(renewed.Refresh!.Reveal(), (await store.Load(default))!.Refresh!.Reveal());
    }

    [Fact]
    public async Task Of_two_agents_on_one_Lease_one_waits_and_takes_over_once_it_ran_out()
    {
        var token = await Seed("1h");
        using var first = Agent("--seed", _ta.PathOf("seed"));
        await Eventually.Holds(() => _cluster.DataOf("deploy", "access") is { Length: > 0 });
        using var second = Agent("--once");
        Assert.Contains("another agent", await second.StandardError.ReadLineAsync(), StringComparison.Ordinal);
        var before = _cluster.Find("leases/deploy-state")!["spec"]!;
        first.Kill();
        await first.WaitForExitAsync();
        Assert.False(second.HasExited);
        (await _ta.Finish(second)).Is(0);
        var after = _cluster.Find("leases/deploy-state")!["spec"]!;
        Assert.Equal(
            ((int)before["leaseTransitions"]! + 1, 15),
            ((int)after["leaseTransitions"]!, (int)after["leaseDurationSeconds"]!));
        Assert.True(
            (DateTimeOffset)after["acquireTime"]! - (DateTimeOffset)before["renewTime"]! > TimeSpan.FromSeconds(14));
        List<string> events = [];
        await foreach (var row in service.Client.Audit.List(new() { Filters = [$"subject_id[eq]{token.Id}"] }))
        {
            events.Add(row.Event);
        }

        Assert.Single(events, e => e == "token.refreshed");
    }

    private async Task<Token> Seed(string life)
    {
        var token = await service.Client.Tokens.Create(new NewToken { PermissionSet = "viewer", Life = life }).Send();
        await File.WriteAllTextAsync(
            _ta.PathOf("seed"), $"{token.Secrets!.Access.Reveal()}\n{token.Secrets.Refresh!.Reveal()}\n");
        return token;
    }

    private Task<string> SeedText() => File.ReadAllTextAsync(_ta.PathOf("seed"));

    private Task Configure(string token) =>
        File.WriteAllTextAsync(_ta.PathOf("kubeconfig"), _cluster.Configuration(token));

    private Process Agent(params string[] more) =>
        _ta.Start(["agent", "run", "--state-secret", "deploy-state", "--out-secret", "deploy", .. more]);

    private Task<TaResult> Once() => _ta.Finish(Agent("--seed", _ta.PathOf("seed"), "--once"));

    private static string Line(TaResult result) => Assert.Single(result.Errors.TrimEnd().Split('\n'));

    /// <summary>Once, after the agent has read an object and before it replaces it.</summary>
    private void Meanwhile(string path, Action change)
    {
        var isDone = 0;
        _cluster.Fault = (method, kind, name) =>
        {
            if (method == "PUT" && $"{kind}/{name}" == path && Interlocked.Exchange(ref isDone, 1) == 0)
            {
                change();
            }

            return null;
        };
    }
}
