using TokenActors.Hosting.Reminders;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>Of many reminders that fall due together a silo starts so many in a second, and loses none.</summary>
public sealed class TickPaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Soonest = Now.AddSeconds(1);

    [Fact]
    public void A_backlog_of_tokens_starts_in_turn_the_latest_first()
    {
        const int count = TickPace.Slow + (2 * TickPace.TokensPerSecond) + 1;
        var paced = Pace([.. Enumerable.Range(1, count).Select(i => Row("token", i, Now.AddSeconds(-i)))]);
        Assert.Equal(Enumerable.Range(1, count).Select(i => $"{i}"), paced.Select(p => p.Row.Key.Id));
        Assert.Equal(Soonest, paced[0].StartAt);
        Assert.Equal(Soonest.AddSeconds(2), paced[TickPace.Slow].StartAt);
        Assert.Equal(Soonest.AddSeconds(4), paced[^1].StartAt);
        Assert.All(
            paced.Zip(paced.Skip(TickPace.TokensPerSecond)),
            pair => Assert.True(pair.Second.StartAt - pair.First.StartAt >= TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void The_longer_a_list_the_later_its_first_may_start_so_that_none_has_passed_when_it_is_taken_over()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), TickPace.SoonestOf(0));
        Assert.Equal(TimeSpan.FromSeconds(2), TickPace.SoonestOf(10_000));
        Assert.Equal(TimeSpan.FromSeconds(31), TickPace.SoonestOf(300_000));
        Assert.Equal(TimeSpan.FromSeconds(31), TickPace.SoonestOf(int.MaxValue));
    }

    [Fact]
    public void Tokens_that_will_fall_due_together_start_in_turn_and_a_backlog_does_not_hold_them_up()
    {
        var midnight = Now.AddMinutes(5);
        var paced = Pace([
            .. Enumerable.Range(0, 3_000).Select(i => Row("token", i, Now.AddHours(-1))),
            Row("token", 9_000, Now.AddMinutes(1)),
            .. Enumerable.Range(10_000, 3_000).Reverse().Select(i => Row("token", i, midnight)),
            Row("token", 20_000, midnight.AddMinutes(1)),
        ]);
        Assert.Equal(6_002, paced.Select(p => p.Row.Key.Id).Distinct().Count());
        Assert.Equal(Now.AddMinutes(1), StartOf(paced, 9_000));
        Assert.Equal(
            (midnight, midnight.AddMilliseconds(2_999)),
            (paced.Where(p => p.Row.DueAt == midnight).Min(p => p.StartAt), paced.Where(p => p.Row.DueAt == midnight).Max(p => p.StartAt)));
        Assert.Equal(midnight.AddMinutes(1), StartOf(paced, 20_000));

        // The same turn in every list, in whichever order the database gives its rows.
        Assert.Equal(midnight, StartOf(paced, 10_000));
        Assert.All(paced, p => Assert.True(p.StartAt >= p.Row.DueAt && p.StartAt >= Soonest));
    }

    [Theory]
    [InlineData("organization")]
    [InlineData("webhook")]
    [InlineData("operation")]
    [InlineData("revocation_job")]
    public void What_is_no_token_waits_for_none(string kind)
    {
        var paced = Pace([.. Enumerable.Range(0, 5_000).Select(i => Row("token", i, Now)), Row(kind, 7_000, Now.AddDays(-1)), Row(kind, 7_001, Now.AddMinutes(2))]);
        Assert.Equal((Soonest, Now.AddMinutes(2)), (StartOf(paced, 7_000), StartOf(paced, 7_001)));
    }

    /// <summary>
    /// Each minute all that were not carried out yet, they would be more than a silo can do, and none would be done.
    /// </summary>
    [Theory]
    [InlineData(1, 60)]
    [InlineData(60_000, 60)]
    [InlineData(60_001, 60.001)]
    [InlineData(200_000, 200)]
    [InlineData(600_000, 540)]
    public void What_was_not_carried_out_is_repeated_when_others_had_their_turn(int count, double seconds)
    {
        var late = count / 2;
        var paced = Pace([
            .. Enumerable.Range(0, late).Select(i => Row("token", i, Now.AddDays(-1))),
            .. Enumerable.Range(late, count - late).Select(i => Row("token", i, Now.AddMinutes(2))),
            Row("organization", count, Now.AddDays(-1)),
            Row("operation", count + 1, Now.AddMinutes(2)),
        ]);
        Assert.All(paced.Where(p => p.Row.Key.Kind == "token"), p => Assert.Equal(TimeSpan.FromSeconds(seconds), p.Period));
        Assert.All(paced.Where(p => p.Row.Key.Kind != "token"), p => Assert.Equal(TimeSpan.FromMinutes(1), p.Period));
    }

    private static List<(DueRecord Row, DateTimeOffset StartAt, TimeSpan Period)> Pace(IReadOnlyList<DueRecord> rows) =>
        [.. new TickPace(Now, Soonest).Of(rows)];

    private static DateTimeOffset StartOf(List<(DueRecord Row, DateTimeOffset StartAt, TimeSpan Period)> paced, int id) =>
        paced.Single(p => p.Row.Key.Id == $"{id}").StartAt;

    private static DueRecord Row(string kind, int id, DateTimeOffset due) =>
        new(new RecordKey(kind, $"{id}"), due, "tag");
}
