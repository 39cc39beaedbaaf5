using System.Reflection;
using Orleans.Serialization.Invocation;
using TokenActors.Hosting.Reminders;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A silo has only so many tokens in memory that carry out their reminders.</summary>
public sealed class TickGateTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Most = 20;

    private readonly TickGate _gate = new(Most);
    private readonly TaskCompletionSource _database = new();
    private int _asked;

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
    public async Task Who_waits_when_the_silo_ends_is_not_asked()
    {
        var ticks = Ticks(Most);
        var waiting = Ticks(1);
        _gate.Dispose();
        await Task.WhenAll(waiting);
        Assert.Equal(Most, _asked);
        _database.SetResult();
        await Task.WhenAll(ticks);
    }

    [Fact]
    public async Task A_silo_has_it() =>
        await silo.Grains.GetGrain(GrainId.Create("token", $"{Guid.NewGuid()}")).AsReference<IRemindable>().ReceiveReminder("expiry", default);

    private Task[] Ticks(int count) => [.. Enumerable.Range(0, count).Select(_ => Tick("token"))];

    private Task Tick(string kind) => Call(kind, typeof(IRemindable));

    private Task Call(string kind, Type type)
    {
        var request = Fake<IInvokable>(("GetInterfaceType", () => type));
        return _gate.Invoke(Fake<IOutgoingGrainCallContext>(
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
