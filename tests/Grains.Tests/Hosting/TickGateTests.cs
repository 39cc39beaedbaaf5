namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A silo has only so many tokens in memory that carry out their reminders.</summary>
public sealed class TickGateTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Where_the_database_is_slow_ticks_of_tokens_wait_outside_and_others_pass()
    {
        const int places = 256;
        TaskCompletionSource gate = new();
        var before = silo.Store.Held;
        silo.Store.Gate = gate.Task;
        var ticks = Enumerable.Range(0, places + 100)
            .Select(_ => silo.Grains.GetGrain(GrainId.Create("token", $"{Guid.NewGuid()}")).AsReference<IRemindable>().ReceiveReminder("expiry", default))
            .ToArray();
        await Eventually.Holds(() => silo.Store.Held - before == places, () => $"{silo.Store.Held - before} rows are read");

        // One of another kind is read, where those that wait are not.
        var other = silo.Grains.GetGrain(GrainId.Create("role", $"{Guid.NewGuid()}")).AsReference<IRemindable>().ReceiveReminder("cascade", default);
        await Eventually.Holds(() => silo.Store.Held - before == places + 1, () => $"{silo.Store.Held - before} rows are read");

        silo.Store.Gate = Task.CompletedTask;
        gate.SetResult();
        await Task.WhenAll([.. ticks, other]).WaitAsync(TimeSpan.FromSeconds(60));
    }
}
