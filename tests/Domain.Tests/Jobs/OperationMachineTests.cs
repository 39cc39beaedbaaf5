using TokenActors.Domain.Identity;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Jobs;

namespace TokenActors.Domain.Tests.Jobs;

/// <summary>The transitions of a scheduled operation, told on a clock that is driven.</summary>
public sealed class OperationMachineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private static readonly Guid Integration = Guid.NewGuid();

    private static readonly OperationState Wanted = new()
    {
        Id = Guid.NewGuid(), OrganizationId = new OrganizationId(Guid.NewGuid()), AccountId = Guid.NewGuid(), IntegrationId = Integration,
        Operation = "siem_query_events", CreatedAt = default, UpdatedAt = default,
    };

    private static DateTimeOffset At(double minutes) => Start.AddMinutes(minutes);

    /// <summary>What every expression stands for here.</summary>
    private static DateTimeOffset? Midnight(string expression, DateTimeOffset after) =>
        expression == "never" ? null : new DateTimeOffset(after.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private static OperationSchedule Cron(string expression = "daily", bool enabled = true) =>
        Every("10m", enabled) with { Period = default, Cron = expression };

    private static OperationSchedule Every(string period, bool enabled = true) => Assert.Single(OperationSchedule.Of(
        Integration, $$"""[{"operation":"siem_query_events","enabled":{{(enabled ? "true" : "false")}},"frequency":{"type":"periodic","value":"{{period}}"} }]"""));

    private static OperationState Scheduled(string period = "10m") =>
        OperationMachine.Adopt(OperationMachine.Expect(null, Wanted, At(0)), Every(period), null, Midnight, At(0));

    [Fact]
    public void What_is_expected_asks_for_itself_after_a_minute()
    {
        var expected = OperationMachine.Expect(null, Wanted, At(0));
        Assert.Equal((At(1), 1L), (expected.DueAt, expected.Version));
        Assert.Same(expected, OperationMachine.Expect(expected, Wanted, At(0.5)));
        var again = OperationMachine.Expect(Scheduled() with { NextAt = At(10) }, Wanted, At(5));
        Assert.Equal(At(6), again.DueAt);
        Assert.Equal(At(5.5), OperationMachine.Expect(Scheduled() with { NextAt = At(5.5) }, Wanted, At(5)).DueAt);
    }

    [Fact]
    public void It_runs_at_once_and_then_by_its_period()
    {
        var state = Scheduled();
        Assert.Equal((At(0), OperationStatus.Scheduled), (state.DueAt, state.Status));
        var id = Guid.NewGuid();
        var running = OperationMachine.Start(state, id, Bound, Midnight, At(0));
        Assert.Equal((At(2), At(10), OperationStatus.Processing), (running.DueAt, running.NextAt, running.Status));
        var ended = OperationMachine.Finish(running, id, new ExecutionOutcome("c1", null, 5, 7), At(1));
        Assert.Equal(
            (At(10), OperationStatus.Scheduled, "c1", 5L, 7L),
            (ended.DueAt, ended.Status, ended.Cursor, ended.CpuTime, ended.InBytes));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(9.9, 10)]
    [InlineData(10, 20)]
    [InlineData(34, 40)]
    public void Executions_that_were_missed_are_not_made_up_for(double late, double next) =>
        Assert.Equal(At(next), OperationMachine.Start(Scheduled(), Guid.NewGuid(), Bound, Midnight, At(late)).NextAt);

    [Fact]
    public void One_execution_is_under_way_at_a_time()
    {
        var running = OperationMachine.Start(Scheduled(), Guid.NewGuid(), Bound, Midnight, At(0));
        Assert.Same(running, OperationMachine.Start(running, Guid.NewGuid(), Bound, Midnight, At(30)));
        Assert.Same(running, OperationMachine.Skip(running, Midnight, At(30)));
        Assert.Same(
            running, OperationMachine.Finish(running, Guid.NewGuid(), new ExecutionOutcome("x", null, 0, 0), At(1)));
    }

    [Fact]
    public void What_is_not_due_is_not_begun()
    {
        var state = Scheduled() with { NextAt = At(10) };
        Assert.Same(state, OperationMachine.Start(state, Guid.NewGuid(), Bound, Midnight, At(9)));
        Assert.Same(state, OperationMachine.Skip(state, Midnight, At(9)));
        Assert.Equal(At(20), OperationMachine.Skip(state, Midnight, At(10)).NextAt);
    }

    [Fact]
    public void A_failed_execution_leaves_the_cursor_and_says_why()
    {
        var id = Guid.NewGuid();
        var running = OperationMachine.Start(Scheduled() with { Cursor = "c1" }, id, Bound, Midnight, At(0));
        var ended = OperationMachine.Finish(running, id, new ExecutionOutcome(null, "broken", 0, 0), At(1));
        Assert.Equal(("c1", "broken"), (ended.Cursor, ended.Error));
        running = OperationMachine.Start(ended, id, Bound, Midnight, At(10));
        Assert.Null(OperationMachine.Finish(running, id, new ExecutionOutcome("c2", null, 0, 0), At(11)).Error);
    }

    [Fact]
    public void A_disabled_one_waits_for_nothing_and_runs_at_once_when_it_is_enabled()
    {
        var disabled = OperationMachine.Adopt(Scheduled(), Every("10m", enabled: false), null, Midnight, At(3));
        Assert.Equal((null, OperationStatus.Disabled), (disabled.DueAt, disabled.Status));
        Assert.Equal(At(5), OperationMachine.Adopt(disabled, Every("10m"), null, Midnight, At(5)).NextAt);
        var running = OperationMachine.Adopt(
            OperationMachine.Start(Scheduled(), Guid.NewGuid(), Bound, Midnight, At(0)), Every("10m", enabled: false), null, Midnight, At(1));
        Assert.Equal((At(2), OperationStatus.Processing), (running.DueAt, running.Status));
    }

    [Theory]
    [InlineData("10m", 10)]
    [InlineData("30m", 10)]
    [InlineData("5m", 6)]
    public void A_shorter_period_holds_from_now_on(string period, double next)
    {
        var state = Scheduled() with { NextAt = At(10) };
        var adopted = OperationMachine.Adopt(state, Every(period), null, Midnight, At(1));
        Assert.Equal(At(next), adopted.NextAt);
        Assert.Equal(period == "10m", ReferenceEquals(state, adopted));
    }

    [Fact]
    public void Operations_keep_their_ids_whatever_stands_around_them()
    {
        static string Item(string operation, string value) => $$"""{"operation":"{{operation}}","enabled":true,"frequency":{"type":"periodic","value":"{{value}}"} }""";
        static Guid[] Ids(string json) => [.. OperationSchedule.Of(Integration, json).Select(schedule => schedule.Id)];
        var two = Ids($"[{Item("siem_query_events", "5m")},{Item("siem_query_events", "1h")}]");
        Assert.Equal(2, two.Distinct().Count());
        Assert.Equal([.. two], Ids($"[{Item("edr_query_iocs", "5m")},{Item("siem_query_events", "7m")},{Item("siem_query_events", "5m")}]")[1..]);
        Assert.Empty(OperationSchedule.Of(Integration, null));
        Assert.NotEqual(two[0], OperationSchedule.Of(Guid.NewGuid(), $"[{Item("siem_query_events", "5m")}]")[0].Id);
    }

    [Fact]
    public void One_by_cron_runs_first_at_its_next_time_and_then_at_each()
    {
        var state = OperationMachine.Adopt(OperationMachine.Expect(null, Wanted, At(0)), Cron(), null, Midnight, At(0));
        Assert.Equal(
            (At(12 * 60), OperationStatus.Scheduled, TimeSpan.Zero), (state.DueAt, state.Status, state.Period));
        Assert.Same(state, OperationMachine.Start(state, Guid.NewGuid(), Bound, Midnight, At(719)));
        Assert.Equal(At(36 * 60), OperationMachine.Start(state, Guid.NewGuid(), Bound, Midnight, At(720)).NextAt);
        Assert.Equal(At(36 * 60), OperationMachine.Skip(state, Midnight, At(720)).NextAt);
    }

    /// <summary>The tick reads the schedule again before it runs what is due.</summary>
    [Fact]
    public void One_by_cron_that_is_late_stays_due_and_runs_once()
    {
        var state = OperationMachine.Adopt(OperationMachine.Expect(null, Wanted, At(0)), Cron(), null, Midnight, At(0));
        var late = At(80 * 60);
        Assert.Same(state, OperationMachine.Adopt(state, Cron(), null, Midnight, late));
        Assert.Equal(At(84 * 60), OperationMachine.Start(state, Guid.NewGuid(), Bound, Midnight, late).NextAt);
    }

    [Fact]
    public void From_a_period_to_cron_and_back_the_cursor_stays()
    {
        var periodic = Scheduled() with { NextAt = At(10), Cursor = "c1", CpuTime = 5 };
        var cron = OperationMachine.Adopt(periodic, Cron(), null, Midnight, At(1));
        Assert.Equal(
            (At(720), "daily", TimeSpan.Zero, "c1", 5L),
            (cron.NextAt, cron.Cron, cron.Period, cron.Cursor, cron.CpuTime));
        var back = OperationMachine.Adopt(cron, Every("10m"), null, Midnight, At(2));
        Assert.Equal(
            (At(12), null, TimeSpan.FromMinutes(10), "c1", periodic.Id),
            (back.NextAt, back.Cron, back.Period, back.Cursor, back.Id));
        Assert.Equal(At(720), OperationMachine.Adopt(cron, Every("1d"), null, Midnight, At(2)).NextAt);
    }

    [Fact]
    public void Another_expression_holds_from_now_on_and_one_that_ends_waits_for_nothing()
    {
        var cron = OperationMachine.Adopt(Scheduled(), Cron(), null, Midnight, At(0));
        Assert.Equal(At(36 * 60), OperationMachine.Adopt(cron, Cron("nightly"), null, Midnight, At(800)).NextAt);
        var never = OperationMachine.Adopt(cron, Cron("never"), null, Midnight, At(1));
        Assert.Equal((null, OperationStatus.Disabled), (never.DueAt, never.Status));
        Assert.Null(OperationMachine.Adopt(cron, Cron(enabled: false), null, Midnight, At(1)).NextAt);
    }
}
