using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Cli.Agent;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Client.Tests.Agent;

/// <summary>The Lease that admits one agent a credential, under a driven clock.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private const string Path = "leases/deploy";
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly StringWriter _notes = new();
    private FakeCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await FakeCluster.Start();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task What_runs_is_over_before_a_lost_Lease_is_waited_for_and_runs_again_with_the_next_turn()
    {
        using var ending = new CancellationTokenSource();
        var (runs, isTidy) = (0, new TaskCompletionSource());
        var holding = Holder().Hold(
            async lost =>
            {
                runs++;
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, lost);
                }
                finally
                {
                    if (runs == 1)
                    {
                        await isTidy.Task;
                    }
                }
            },
            ending.Token);
        await Passes(() => runs == 1);
        _cluster.Edit(Path, lease => lease["spec"]!["holderIdentity"] = "another");
        await Passes(() => _cluster.Calls.Last() == $"GET {Path} 200");
        var calls = _cluster.Calls.Count;

        // Its work is not over: however much time passes, nothing is asked for.
        _time.Advance(Life * 4);
        Assert.Equal((calls, 1), (_cluster.Calls.Count, runs));
        isTidy.SetResult();
        await Passes(() => runs == 2);
        Assert.Contains("was lost", _notes.ToString(), StringComparison.Ordinal);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding);
        Assert.Equal("", (string?)_cluster.Find(Path)!["spec"]!["holderIdentity"]);
    }

    [Fact]
    public async Task A_Lease_that_cannot_be_renewed_is_lost_after_two_thirds_of_its_life()
    {
        var (began, ended) = (new TaskCompletionSource<DateTimeOffset>(), new TaskCompletionSource<DateTimeOffset>());
        using var ending = new CancellationTokenSource();
        var holding = Holder().Hold(
            async lost =>
            {
                began.TrySetResult(_time.GetUtcNow());
                using var note = lost.Register(() => ended.TrySetResult(_time.GetUtcNow()));
                await Task.Delay(Timeout.InfiniteTimeSpan, lost);
            },
            ending.Token);
        await Passes(() => began.Task.IsCompleted);
        _cluster.Fault = (_, _, _) => 503;
        await Passes(() => ended.Task.IsCompleted);
        Assert.InRange(await ended.Task - await began.Task, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(13));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding);
    }

    [Fact]
    public async Task A_label_on_the_Lease_loses_nothing_and_what_runs_to_its_end_sets_it_free()
    {
        var (end, runs) = (new TaskCompletionSource(), 0);
        var holding = Holder().Hold(
            _ =>
            {
                runs++;
                return end.Task;
            },
            default);
        await Passes(() => runs == 1);
        _cluster.Edit(Path, lease => lease["metadata"]!["labels"] = new JsonObject { ["seen"] = "yes" });
        var renewed = _cluster.Calls.Count(call => call == $"PUT {Path} 200");
        await Passes(() => _cluster.Calls.Count(call => call == $"PUT {Path} 200") > renewed + 1);
        end.SetResult();
        await holding;
        var lease = _cluster.Find(Path)!;
        Assert.Equal(
            ("", "yes", 1),
            ((string?)lease["spec"]!["holderIdentity"], (string?)lease["metadata"]!["labels"]!["seen"], runs));
    }

    /// <summary>Its holder may have renewed it just before the answer left.</summary>
    [Fact]
    public async Task A_Lease_that_was_told_of_slowly_is_not_taken_for_one_that_ran_out()
    {
        _cluster.Put(Path, (JsonObject)JsonNode.Parse("""{"spec":{"holderIdentity":"another","leaseDurationSeconds":15}}""")!);
        var isSlow = 1;
        _cluster.Fault = (_, _, _) =>
        {
            if (Interlocked.Exchange(ref isSlow, 0) == 1)
            {
                _time.Advance(Life * 2);
            }

            return null;
        };
        using var ending = new CancellationTokenSource();
        var holding = Holder().Hold(_ => Task.CompletedTask, ending.Token);
        await Eventually.Holds(() => _notes.ToString().Contains("another agent", StringComparison.Ordinal));
        Assert.DoesNotContain(_cluster.Calls, call => call.StartsWith("PUT", StringComparison.Ordinal));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => holding);
    }

    /// <summary>Made by hand, or by a program that ended.</summary>
    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"spec":{}}""")]
    [InlineData("""{"spec":{"holderIdentity":"","leaseDurationSeconds":3600}}""")]
    public async Task A_Lease_that_nobody_holds_is_taken_at_once(string there)
    {
        _cluster.Put(Path, (JsonObject)JsonNode.Parse(there)!);
        var hasRun = false;
        await Holder().Hold(
            _ =>
            {
                hasRun = true;
                return Task.CompletedTask;
            },
            default);
        Assert.True(hasRun);
    }

    [Fact]
    public async Task A_fault_of_what_runs_is_told_and_a_Lease_that_is_forbidden_ends_it()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Holder().Hold(_ => throw new InvalidOperationException(), default));
        var hasBegun = false;
        var holding = Holder().Hold(
            lost =>
            {
                hasBegun = true;
                return Task.Delay(Timeout.InfiniteTimeSpan, lost);
            },
            default);
        await Passes(() => hasBegun);
        _cluster.Fault = (_, _, _) => 403;
        await Passes(() => holding.IsCompleted);
        Assert.Equal(ExitCode.Refused, (await Assert.ThrowsAsync<CliException>(() => holding)).ExitCode);
    }

    private LeaseHolder Holder()
    {
        var terminal = new Terminal(TextReader.Null, Stream.Null, TextWriter.Synchronized(_notes), _ => null);
        var invocation = new Invocation(
            new System.CommandLine.RootCommand().Parse([]), terminal, _ => throw new InvalidOperationException(), _time, default);
        return new LeaseHolder(
            invocation, new KubernetesLeases(_cluster.Client().CoordinationV1, FakeCluster.Space), "deploy", Life);
    }

    /// <summary>One pause of the holder after the other passes until it holds; each of them is a call.</summary>
    private Task Passes(Func<bool> condition) => Eventually.Holds(async () =>
    {
        if (condition())
        {
            return true;
        }

        var (calls, since) = (_cluster.Calls.Count, TimeProvider.System.GetTimestamp());
        _time.Advance(Life / 6);
        await Eventually.Holds(() => condition() || _cluster.Calls.Count > calls
            || TimeProvider.System.GetElapsedTime(since) > TimeSpan.FromSeconds(3));
        return condition();
    }, within: TimeSpan.FromMinutes(2));
}
