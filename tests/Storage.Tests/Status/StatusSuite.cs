using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;
using TokenActors.Storage.Status;

namespace TokenActors.Storage.Tests.Status;

/// <summary>What every database does alike with the uses of integrations.</summary>
public abstract class StatusSuite
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    protected abstract StorageOptions NewDatabase();

    public virtual async Task Uses_add_up_by_hour_and_altogether()
    {
        await using var records = await Open();
        var store = records.Status;
        await Count(store, [Use("i1", 0, 3, 1), Use("i2", 0, 5), Use("i1", 1, 10)]);
        await Count(store, [Use("i1", 1, 2, 2)]);
        await Count(store, [Use("x1", 1, 100, organization: "o2")]);
        Assert.Equal([(0, 3, 1), (1, 12, 2)], Shown(await store.Hours("o1", "i1", Noon)));
        Assert.Equal([(0, 8, 1), (1, 12, 2)], Shown(await store.Hours("o1", null, Noon)));
        Assert.Equal([(1, 12, 2)], Shown(await store.Hours("o1", null, Noon.AddHours(1))));
        Assert.Empty(await store.Hours("o2", "i1", Noon));
        var totals = (await store.Totals("o1", ["i1", "i2", "i3", "x1"])).ToDictionary(t => t.IntegrationId);
        Assert.Equal(["i1", "i2"], totals.Keys.Order());
        Assert.Equal(new StatusCounts(15, 3, 30, 45, 60, 75, 90), totals["i1"].Counts);
        Assert.Equal(Noon.AddHours(1).AddMinutes(5), totals["i1"].UpdatedAt);
        Assert.Empty(await store.Totals("o1", []));
    }

    public virtual async Task A_reset_begins_the_totals_anew_and_leaves_the_hours()
    {
        await using var records = await Open();
        var store = records.Status;
        await Count(store, [Use("i1", 0, 3), Use("i2", 0, 3)]);
        await store.Reset("o2", "i1", Noon);
        await store.Reset("o1", "i1", Noon.AddHours(2));
        await store.Reset("o1", "nothing", Noon);
        var totals = (await store.Totals("o1", ["i1", "i2"])).ToDictionary(t => t.IntegrationId);
        Assert.Equal((new StatusCounts(), Noon.AddHours(2)), (totals["i1"].Counts, totals["i1"].UpdatedAt));
        Assert.Equal(3, totals["i2"].Counts.Requests);
        Assert.Equal([(0, 6, 0)], Shown(await store.Hours("o1", null, Noon)));
        await Count(store, [Use("i1", 3, 1)]);
        Assert.Equal(1, Assert.Single(await store.Totals("o1", ["i1"])).Counts.Requests);
    }

    public virtual async Task Events_are_listed_by_time_with_the_number_of_the_request()
    {
        await using var records = await Open();
        var store = records.Status;
        await store.Note([new("i1", Noon, "first", null)]);
        await Count(store, [Use("i1", 0, 7)]);
        StatusEventRow[] events = [new("i1", Noon.AddMinutes(2), "expired", "é'\"🙂"), new("i2", Noon, "other", null)];
        await store.Note(events);
        await store.Note(events);
        Assert.Equal(
            [new("i1", Noon, "first", null, 0), events[0] with { Request = 7 }],
            await store.Events("i1", [], 10, descending: false));
        Assert.Equal("expired", Assert.Single(await store.Events("i1", [], 1, descending: true)).Status);
        Assert.Equal(
            "expired", Assert.Single(await store.Events("i1", [After("2026-03-01T12:00:00Z")], 10, false)).Status);
        var status = StatusLists.Events.Find("status") ?? throw new InvalidOperationException();
        Assert.Equal(
            "first",
            Assert.Single(await store.Events("i1", [new(status, ListOperator.Like, ["FI*"])], 10, false)).Status);
        Assert.Empty(await store.Events("i3", [], 10, false));
    }

    public virtual async Task A_flood_of_events_writes_as_many_an_hour_as_are_kept()
    {
        await using var records = await Open();
        var store = records.Status;
        for (var round = 0; round < 4; round++)
        {
            await store.Note([.. Enumerable.Range(round * 60, 60).Select(
                i => new StatusEventRow("i1", Noon.AddSeconds(i), "expired", null))]);
        }

        Assert.InRange(
            (await store.Events("i1", [], 1000, false)).Count, StatusStore.MostEvents, StatusStore.MostEvents + 60);
        await store.Note(
            [new("i1", Noon.AddHours(1), "next hour", null), new("i2", Noon.AddMinutes(30), "another", null)]);
        Assert.Single(await store.Events("i1", [After("2026-03-01T12:30:00Z")], 10, false));
        Assert.Single(await store.Events("i2", [], 10, false));
    }

    public virtual async Task What_is_old_is_swept_a_page_at_a_time()
    {
        await using var records = await Open();
        var store = records.Status;
        var integration = Rows.Row("i1") with { Key = new RecordKey("integration", "i1") };
        Assert.Equal(CommitOutcome.Done, await records.Commit(Rows.Create(integration)));
        await Count(
            store,
            [.. Enumerable.Range(0, 5).Select(hour => Use("i1", hour, 1)), Use("gone", 0, 1), Use("late", 9, 1)]);
        await store.Note(
            [.. Enumerable.Range(0, 5).Select(i => new StatusEventRow("i1", Noon.AddHours(i), "expired", null))]);
        Assert.True(await store.Sweep(Noon.AddHours(4), 3));
        while (await store.Sweep(Noon.AddHours(4), 3))
        {
        }

        Assert.False(await store.Sweep(Noon.AddHours(4), 3));
        Assert.Equal([(4, 1, 0), (9, 1, 0)], Shown(await store.Hours("o1", null, Noon)));
        Assert.Equal(Noon.AddHours(4), Assert.Single(await store.Events("i1", [], 10, false)).At);
        Assert.Equal(
            ["i1", "late"], (await store.Totals("o1", ["i1", "gone", "late"])).Select(t => t.IntegrationId).Order());
    }

    public virtual async Task Thousands_at_once_are_each_counted_once()
    {
        await using var records = await Open();
        var store = records.Status;
        var uses = Enumerable.Range(0, 1200).Select(i => Use($"i{i}", 0, 1)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Count(store, uses)));
        Assert.Equal([(0, 4800, 0)], Shown(await store.Hours("o1", null, Noon)));
        Assert.Equal(4, Assert.Single(await store.Totals("o1", ["i700"])).Counts.Requests);
    }

    public virtual async Task No_sum_passes_its_bound_whatever_is_added_and_whatever_is_stored()
    {
        await using var records = await Open();
        var store = records.Status;
        foreach (var much in new[] { long.MaxValue, StatusCounts.Most - 1, StatusCounts.Most, 7 })
        {
            var counts = new StatusCounts(much, -1, much, 1, 2, 3, 4).Clamp();
            await Count(store, [Use("i1", 0, 1) with { Counts = counts }, Use("i1", 0, 1) with { Counts = counts }]);
        }

        var all = new StatusCounts(StatusCounts.Most, 0, StatusCounts.Most, 8, 16, 24, 32);
        Assert.Equal(all, Assert.Single(await store.Totals("o1", ["i1"])).Counts);
        Assert.Equal(all, Assert.Single(await store.Hours("o1", "i1", Noon)).Counts);
        Assert.Equal(all, Assert.Single(await store.Hours("o1", null, Noon)).Counts);
    }

    private static async Task Count(StatusStore store, IReadOnlyCollection<StatusUse> uses)
    {
        foreach (var some in uses.Chunk(StatusStore.RowsAtOnce))
        {
            await store.CountHours(some);
            await store.CountTotals(some);
        }
    }

    private Task<RecordStore> Open() =>
        StoreFactory.Open(NewDatabase(), "s1", TimeProvider.System, NullLoggerFactory.Instance);

    private static StatusUse Use(string integration, int hour, int requests, int failed = 0, string organization = "o1") => new(
        organization, integration, Noon.AddHours(hour), Noon.AddHours(hour).AddMinutes(5),
        new StatusCounts(requests, failed, requests * 2, requests * 3, requests * 4, requests * 5, requests * 6));

    private static ListFilter After(string time) => new(StatusLists.At, ListOperator.Gt, [time]);

    private static List<(int Hour, long Requests, long Failed)> Shown(IReadOnlyList<StatusHourRow> hours) =>
        [.. hours.Select(row => ((int)(row.Hour - Noon).TotalHours, row.Counts.Requests, row.Counts.Failed))];
}
