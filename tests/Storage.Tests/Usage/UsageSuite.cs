using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;
using TokenActors.Storage.Usage;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Usage;

/// <summary>What every database does alike with the uses of tokens.</summary>
public abstract class UsageSuite
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly RecordScope Every = new("token", "o1", UnnamedToo: true);

    protected abstract StorageOptions NewDatabase();

    public virtual async Task Uses_add_up_by_hour_with_the_reasons_of_refusals()
    {
        await using var store = await Open("t1", "t2");
        await store.Uses.Write(
            [Use("t1", 3, hours: [(11, 3, []), (12, 1, ["expired", "disabled"])]), Use("t2", 1, hours: [(12, 9, [])])]);
        await store.Uses.Write([Use("t1", 4, hours: [(12, 2, ["expired"]), (36, 5, [])])]);
        Assert.Equal(
            [(11, 3, ""), (12, 3, "disabled=1 expired=2"), (36, 5, "")], Shown(await store.Uses.Hours("t1", Noon.AddDays(-1))));
        Assert.Equal([(36, 5, "")], Shown(await store.Uses.Hours("t1", Noon.AddDays(1))));
        Assert.Equal([(12, 9, "")], Shown(await store.Uses.Hours("t2", Noon)));
        Assert.Empty(await store.Uses.Hours("t3", Noon));
    }

    public virtual async Task Writers_at_the_same_time_lose_nothing_of_each_other()
    {
        await using var store = await Open([.. Enumerable.Range(0, 40).Select(i => $"t{i}")]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 5; i++)
            {
                await store.Uses.Write(
                    [.. Enumerable.Range(0, 40).Select(t => Use($"t{t}", i, hours: [(12, 1, ["expired"])]))]);
            }
        }));
        foreach (var token in Enumerable.Range(0, 40))
        {
            Assert.Equal([(12, 20, "expired=20")], Shown(await store.Uses.Hours($"t{token}", Noon)));
        }
    }

    public virtual async Task The_last_five_networks_are_kept_with_their_first_and_last_time()
    {
        await using var store = await Open("t1", "t2");
        foreach (var i in Enumerable.Range(1, 7))
        {
            await store.Uses.Write(
                [Use("t1", i, Address($"10.0.{i}.0/24", i, i)), Use("t2", i, Address("10.9.9.0/24", i, i))]);
        }

        await store.Uses.Write([Use("t1", 20, Address("10.0.4.0/24", 8, 20, "curl"))]);
        var kept = await store.Uses.Addresses("t1");
        Assert.Equal(
            ["10.0.4.0/24", "10.0.7.0/24", "10.0.6.0/24", "10.0.5.0/24", "10.0.3.0/24"], kept.Select(a => a.Address));
        Assert.Equal(new TokenAddress("10.0.4.0/24", "curl", Noon.AddSeconds(4), Noon.AddSeconds(20)), kept[0]);
        Assert.Equal(
            [new TokenAddress("10.9.9.0/24", null, Noon.AddSeconds(1), Noon.AddSeconds(7))], await store.Uses.Addresses("t2"));
    }

    public virtual async Task The_last_use_is_the_latest_however_they_are_written()
    {
        await using var store = await Open("t1", "t2", "t3");
        await store.Uses.Write([Use("t1", 5, from: "10.0.0.0/24"), Use("t2", 1, from: "10.0.0.0/24")]);
        await store.Uses.Write([Use("t1", 4, from: "10.1.0.0/24"), Use("t2", 9, from: null)]);
        await store.Uses.Write([Use("gone", 9, Address("10.0.0.0/24", 1, 1))]);
        Assert.Equal(
            [new LastTokenUse("t1", Noon.AddSeconds(5), "10.0.0.0/24", "curl"), new LastTokenUse("t2", Noon.AddSeconds(9), null, null)],
            (await store.Uses.LastUses(["t1", "t2", "t3", "gone"])).OrderBy(use => use.TokenId));
        Assert.Empty(await store.Uses.Addresses("gone"));
        Assert.Empty(await store.Uses.LastUses([]));
    }

    public virtual async Task A_list_by_last_use_has_every_token_and_those_never_used_first()
    {
        await using var store = await Open("t1", "t2", "t3", "t4");
        await store.CommitAll([Create(Row("t5", name: "t5")), Create(Row("t6", name: "t6"))]);
        await store.Commit(Create(Row("x1", name: "x1") with { OrganizationId = "o2" }));
        await store.Uses.Write([Use("t2", 50), Use("t4", 10), Use("t5", 30), Use("x1", 20)]);
        Assert.Equal(["t1", "t3", "t6", "t4", "t5", "t2"], await Walk(store, ["last_used_at"]));
        Assert.Equal(["t2", "t5", "t4", "t6", "t3", "t1"], await Walk(store, ["last_used_at[desc]"]));
        Assert.Equal(["t6", "t4", "t3", "t1"], await Walk(store, ["id[desc]"], "last_used_at[lt]2026-03-01T12:00:30Z"));
        Assert.Equal(["t2", "t4", "t5"], await Walk(store, ["id"], "last_used_at[gt]2026-03-01T12:00:00Z"));
        Assert.Equal(
            ["t5", "t2"], await Walk(store, ["last_used_at", "name"], "last_used_at[gte]2026-03-01T12:00:30Z"));
    }

    public virtual async Task What_is_purged_leaves_no_use_behind()
    {
        await using var store = await Open("t1", "t2");
        await store.Uses.Write(
            [Use("t1", 5, Address("10.0.0.0/24", 1, 5)), Use("t2", 5, Address("10.0.0.0/24", 1, 5))]);
        await store.Commit(new Commit(Row("t1", 2, name: "t1"), 1, []) { Purges = true });
        Assert.Equal("t2", Assert.Single(await store.Uses.LastUses(["t1", "t2"])).TokenId);
        Assert.Empty(await store.Uses.Addresses("t1"));
        Assert.Single(await store.Uses.Addresses("t2"));
    }

    public virtual async Task What_is_old_is_swept_a_page_at_a_time()
    {
        await using var store = await Open("t1", "t2", "t3");
        await store.Uses.Write(
            [.. new[] { "t1", "t2", "t3" }.Select(id => Use(id, 1, hours: [(-48, 1, []), (-24, 1, []), (12, 1, [])]))]);
        Assert.Equal(4, await store.Uses.Sweep(Noon.AddDays(-0.1), 4));
        Assert.Equal(2, await store.Uses.Sweep(Noon.AddDays(-0.1), 4));
        Assert.Equal(0, await store.Uses.Sweep(Noon, 4));
        Assert.Equal([(12, 1, "")], Shown(await store.Uses.Hours("t2", Noon.AddDays(-9))));
    }

    /// <summary>Asked on the last of April: what was made before the end of January is old.</summary>
    public virtual async Task Tokens_are_counted_by_kind_and_state_with_those_that_end_or_are_not_used()
    {
        var now = Noon.AddDays(60);
        await using var store = await Open();
        Task Make(string id, double daysLeft, string profile = "organization", string more = "", double age = 120) => store.Commit(Create(Row(id, name: id) with
        {
            State = $$"""{"profile":"{{profile}}"{{more}}}""",
            ExpiresAt = now.AddDays(daysLeft),
            CreatedAt = now.AddDays(-age),
        }));
        await Make("day", 0.5);
        await Make("week", 5, more: ""","secondary":{"pair":{"access":{"expires_at":"2026-05-01T00:00:00+00:00"}}}""");
        await Make("month", 25, more: ",\"disabled\":true");
        await Make("year", 300, "mcp", age: 10);
        await Make("over", -1, "logon");
        await Make("used", 300, "mcp");
        await store.Commit(
            Create(Row("other", name: "other") with { OrganizationId = "o2", ExpiresAt = now.AddDays(1) }));
        await store.Commit(Create(Row("gone", name: "gone") with { Status = StoredRecord.Deleted, NameKey = null }));
        await store.Uses.Write([new TokenUsage(
            "o1", "used", now.AddDays(-3), null, null, [], new Dictionary<DateTimeOffset, UseCounts>())]);
        Assert.Equal(
            [
                new("adhoc", "active", 2, 1, 2, 2, 2, 1), new("adhoc", "disabled", 1, 0, 0, 1, 1, 0),
                new("mcp", "active", 2, 0, 0, 0, 0, 0), new("session", "expired", 1, 0, 0, 0, 1, 0),
            ],
            (await store.Uses.Counts("o1", now, 100)).OrderBy(count => count.Kind, StringComparer.Ordinal).ThenBy(
                count => count.State, StringComparer.Ordinal));
        Assert.Equal(4, (await store.Uses.Counts("o1", now, 4)).Sum(count => count.Tokens));
        Assert.Empty(await store.Uses.Counts("o3", now, 4));
    }

    public virtual async Task What_ends_soon_and_what_nobody_uses_is_counted_over_all_organizations()
    {
        var now = Noon.AddDays(60);
        await using var store = await Open();
        Assert.Equal(new TokenCensus(0, 0, 0, 0), await store.Uses.Census(now));
        Task Make(string id, double daysLeft, double age = 60, string profile = "organization", string organization = "o1", string status = "live") =>
            store.Commit(Create(Row(id) with
            {
                State = $$"""{"profile":"{{profile}}"}""",
                ExpiresAt = now.AddDays(daysLeft),
                DueAt = now.AddDays(Math.Max(0, daysLeft - 1)),
                CreatedAt = now.AddDays(-age),
                OrganizationId = organization,
                Status = status,
                NameKey = status == "live" ? id : null,
            }));
        await Make("day", 0.5);
        await Make("foreign", 0.5, organization: "o2");
        await Make("week", 6);
        await Make("month", 29.9);
        await Make("year", 300, age: 91);
        await Make("used", 300, age: 91);
        await Make("session", 0.4, profile: "logon");
        await Make("short", 0.25, age: 0.5);
        await Make("days", 2, age: 1);
        await Make("over", -0.1);
        await Make("gone", 0.5, age: 91, status: StoredRecord.Deleted);
        await store.Uses.Write([new TokenUsage(
            "o1", "used", now.AddDays(-3), null, null, [], new Dictionary<DateTimeOffset, UseCounts>())]);

        // A life of half a day is no reason to be alarmed a day before its end, and one of three days none a week
        // before.
        Assert.Equal(new TokenCensus(2, 3, 4, 1), await store.Uses.Census(now));
    }

    private async Task<RecordStore> Open(params string[] tokens)
    {
        var store = await StoreFactory.Open(NewDatabase(), "s1", TimeProvider.System, NullLoggerFactory.Instance);
        await Task.WhenAll(tokens.Select(id => store.Commit(Create(Row(id, name: id)))));
        return store;
    }

    private static TokenUsage Use(
        string token, int second, TokenAddress? address = null, string? from = null, (int Hour, int Accepted, string[] Refused)[]? hours = null) => new(
            token.StartsWith('x') ? "o2" : "o1", token, Noon.AddSeconds(second), from, from is null ? null : "curl",
            address is null ? [] : [address],
            (hours ?? []).ToDictionary(
                hour => Noon.AddHours(hour.Hour - 12),
                hour => new UseCounts(hour.Accepted, hour.Refused.ToDictionary(reason => reason, _ => 1L))));

    private static TokenAddress Address(string address, int first, int last, string? client = null) =>
        new(address, client, Noon.AddSeconds(first), Noon.AddSeconds(last));

    private static IEnumerable<(int Hour, long Accepted, string Refused)> Shown(IEnumerable<TokenHour> hours) => hours.Select(hour => (
        (int)(hour.Start - Noon).TotalHours + 12, hour.Counts.Accepted,
        string.Join(
            ' ', hour.Counts.Refused.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}={r.Value}"))));

    private static async Task<List<string>> Walk(RecordStore store, string[] orders, params string[] filters)
    {
        var query = ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], orders, filters, [])! with { Limit = 2 };
        List<string> seen = [];
        for (ListPlace? after = null; ;)
        {
            var rows = await store.ListAfter(Every, query, after, Noon);
            seen.AddRange(rows.Select(row => row.Record.Key.Id));
            if (rows.Count < query.Limit)
            {
                return seen;
            }

            after = rows[^1].Place;
        }
    }
}
