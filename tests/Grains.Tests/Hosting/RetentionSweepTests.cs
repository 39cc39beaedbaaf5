using Microsoft.Extensions.Time.Testing;
using TokenActors.Hosting.Services;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>What is old is deleted, each kind on its own, and each kind's failure is told of.</summary>
public sealed class RetentionSweepTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecurringServiceTests.Lifetime _host = new();
    private readonly LogBook<RetentionSweep> _log = new();
    private readonly SemaphoreSlim _done = new(0);
    private readonly HashSet<string> _broken = ["executions"];

    [Fact]
    public async Task A_failure_beside_another_that_lasts_is_told_of_too()
    {
        using var sweep = new RetentionSweep([Of("executions"), Of("token uses"), new("last", default, Last)], _host, _clock, _log);
        await sweep.StartAsync(CancellationToken.None);
        _host.Start();
        await Swept();
        Assert.Equal([Said("executions")], _log.Lines);

        await Again();
        Assert.Single(_log.Lines);
        _broken.Add("token uses");
        await Again();
        Assert.Equal([Said("executions"), Said("token uses")], _log.Lines);

        _broken.Remove("executions");
        await Again();
        _broken.Add("executions");
        await Again();
        Assert.Equal([Said("executions"), Said("token uses"), Said("executions")], _log.Lines);
        await sweep.StopAsync(CancellationToken.None);
    }

    private static string Said(string what) =>
        $"Warning: Old {what} could not be deleted; it is tried again in an hour";

    private Retention Of(string what) => new(
        what, TimeSpan.FromDays(1), (_, _) => _broken.Contains(what) ? throw new TimeoutException() : Task.FromResult(0));

    private Task<int> Last(DateTimeOffset until, int page)
    {
        _done.Release();
        return Task.FromResult(0);
    }

    private async Task Again()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        await Swept();
    }

    private async Task Swept() => Assert.True(await _done.WaitAsync(TimeSpan.FromSeconds(20)));
}
