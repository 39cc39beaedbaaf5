using System.Reflection;
using Orleans.Serialization.Invocation;
using TokenActors.Hosting.Reminders;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A silo has only so many tokens in memory that carry out their reminders.</summary>
public sealed class TickGateTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private readonly TickGate _gate = new();
    private readonly TaskCompletionSource _database = new();
    private int _asked;

    [Fact]
    public async Task One_that_finds_no_place_is_not_asked_and_waits_for_nothing()
    {
        var ticks = Enumerable.Range(0, TickGate.MostAtOnce).Select(_ => Tick("token")).ToArray();
        Assert.Equal(TickGate.MostAtOnce, _asked);
        await Tick("token");
        Assert.Equal(TickGate.MostAtOnce, _asked);

        // Other kinds pass, and so do other calls of tokens.
        var others = new[] { Tick("role"), Call("token", typeof(TokenActors.Grains.Abstractions.Tokens.IRefreshTokenGrain)) };
        Assert.Equal(TickGate.MostAtOnce + 2, _asked);
        _database.SetResult();
        await Task.WhenAll([.. ticks, .. others]);
        await Tick("token");
        Assert.Equal(TickGate.MostAtOnce + 3, _asked);
    }

    [Fact]
    public async Task A_silo_has_it() =>
        await silo.Grains.GetGrain(GrainId.Create("token", $"{Guid.NewGuid()}")).AsReference<IRemindable>().ReceiveReminder("expiry", default);

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
        _asked++;
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
