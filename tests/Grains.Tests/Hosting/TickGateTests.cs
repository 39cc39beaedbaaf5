using System.Diagnostics;
using System.Reflection;
using Orleans.Serialization.Invocation;
using TokenActors.Hosting.Reminders;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A silo has only so many tokens in memory that carry out their reminders.</summary>
public sealed class TickGateTests : IClassFixture<SiloFixture>
{
    private const int Most = 20;

    private readonly SiloFixture _silo;
    private readonly TaskCompletionSource _database = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TickGate _gate;
    private int _asked;

    public TickGateTests(SiloFixture silo)
    {
        _silo = silo;
        _gate = new(Most, waiting: Most, longestWait: TimeSpan.FromMinutes(5), _ending.Token);
    }

    [Fact]
    public async Task As_many_again_wait_for_a_place_and_one_that_finds_none_to_wait_is_not_asked()
    {
        var ticks = Ticks(Most);
        Assert.Equal(Most, _asked);
        var waiting = Ticks(Most);
        await Tick("token");
        Assert.Equal(Most, _asked);
        Assert.DoesNotContain(waiting, tick => tick.IsCompleted);

        // Other kinds pass, and so do other calls of tokens.
        var others = new[] { Tick("role"), Call("token", typeof(TokenActors.Grains.Abstractions.Tokens.IRefreshTokenGrain)) };
        Assert.Equal(Most + 2, _asked);
        _database.SetResult();
        await Task.WhenAll([.. ticks, .. waiting, .. others]);
        Assert.Equal(Most + Most + 2, _asked);
        await Tick("token");
        Assert.Equal(Most + Most + 3, _asked);
    }

    [Fact]
    public async Task Who_waits_too_long_is_not_asked_and_leaves_the_place_to_others()
    {
        using var gate = new TickGate(1, waiting: 1, longestWait: TimeSpan.FromSeconds(1), _ending.Token);
        var first = Call(gate, "token", typeof(IRemindable));
        var began = Stopwatch.GetTimestamp();
        await Call(gate, "token", typeof(IRemindable)).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(990), TimeSpan.FromSeconds(30));
        Assert.Equal(1, _asked);
        var third = Call(gate, "token", typeof(IRemindable));
        Assert.False(third.IsCompleted);
        _database.SetResult();
        await Task.WhenAll(first, third);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Who_waits_when_the_silo_ends_is_not_asked()
    {
        var ticks = Ticks(Most);
        var waiting = Ticks(1);
        await _ending.CancelAsync();
        await Task.WhenAll(waiting);
        Assert.Equal(Most, _asked);
        _database.SetResult();
        await Task.WhenAll(ticks);
    }

    [Fact]
    public async Task A_silo_has_it() =>
        await _silo.Grains.GetGrain(GrainId.Create("token", $"{Guid.NewGuid()}")).AsReference<IRemindable>().ReceiveReminder("expiry", default);

    private Task[] Ticks(int count) => [.. Enumerable.Range(0, count).Select(_ => Tick("token"))];

    private Task Tick(string kind) => Call(kind, typeof(IRemindable));

    private Task Call(string kind, Type type) => Call(_gate, kind, type);

    private Task Call(TickGate gate, string kind, Type type)
    {
        var request = Fake<IInvokable>(("GetInterfaceType", () => type));
        return gate.Invoke(Fake<IOutgoingGrainCallContext>(
            ("get_TargetId", () => GrainId.Create(kind, $"{Guid.NewGuid()}")),
            ("get_Request", () => request),
            ("set_Response", () => null),
            ("Invoke", Ask)));
    }

    private Task Ask()
    {
        Interlocked.Increment(ref _asked);
        return _database.Task;
    }

    private static T Fake<T>(params (string Name, Func<object?> Answer)[] members)
        where T : class
    {
        var fake = DispatchProxy.Create<T, Members>();
        ((Members)(object)fake).All = members.ToDictionary(member => member.Name, member => member.Answer);
        return fake;
    }

    /// <summary>As much of an interface as is asked.</summary>
    public class Members : DispatchProxy
    {
        public Dictionary<string, Func<object?>> All { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => All[targetMethod?.Name ?? ""]();
    }
}
