using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>Lists that go on after a place, on every database alike.</summary>
public abstract class PlacedListSuite
{
    private static readonly RecordScope Every = new("token", "o1", UnnamedToo: true);

    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options) =>
        StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);

    private static string Id(int i) => $"00000000-0000-0000-0000-{i:D12}";

    private static ListQuery Query(string[] orders, params string[] filters) =>
        ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], orders, filters, [])! with { Limit = 2 };

    /// <summary>Every second one has no name key, as single tokens have none.</summary>
    private static StoredRecord Token(int i, int? parent = null, string state = "{}") =>
        Row(Id(i), name: $"n{i % 3}", parent: parent is { } above ? Id(above) : Id(i)) with
        {
            NameKey = i % 2 == 0 ? null : $"n{i}",
            State = state,
            ExpiresAt = Now.AddHours(i),
            LastUsedAt = i % 3 == 0 ? null : Now.AddMinutes(-i),
        };

    private static async Task<List<string>> Walk(
        RecordStore store, RecordScope scope, ListQuery query, Func<int, Task>? between = null)
    {
        List<string> seen = [];
        ListPlace? after = null;
        for (var page = 0; ; page++)
        {
            var rows = await store.ListAfter(scope, query, after, Now.AddHours(3.5));
            seen.AddRange(rows.Select(row => row.Record.Key.Id));
            if (rows.Count < query.Limit)
            {
                return seen;
            }

            after = rows[^1].Place;
            if (between is not null)
            {
                await between(page);
            }
        }
    }

    public virtual async Task Every_order_walks_over_every_row_once()
    {
        await using var store = await Open(NewDatabase());
        foreach (var i in Enumerable.Range(1, 9))
        {
            await store.Commit(Create(Token(i, state: $$"""{"profile":"{{(i > 5 ? "logon" : "mcp")}}","disabled":{{(i == 2 ? "true" : "false")}}}""")));
        }

        string[][] orders =
        [
            [], ["id[desc]"], ["name", "created_at[desc]"], ["state", "kind[desc]"], ["last_used_at[desc]"], ["expires_at"], ["parent_id"],
            ["secondary_deadline", "roles"],
        ];
        foreach (var order in orders)
        {
            var seen = await Walk(store, Every, Query(order));
            Assert.Equal(9, seen.Count);
            Assert.Equal(9, seen.Distinct().Count());
        }

        Assert.Equal([Id(2)], await Walk(store, Every, Query([], "state[eq]disabled")));
        Assert.Equal([Id(1), Id(3)], await Walk(store, Every, Query([], "state[eq]Expired")));
        Assert.Equal([Id(9), Id(8), Id(7), Id(6)], await Walk(store, Every, Query(["id[desc]"], "kind[eq]session")));
        Assert.Equal(
            [Id(6), Id(7), Id(8), Id(9)],
            await Walk(store, Every, Query([], "kind[in]session,mcp", "profile[eq]logon")));
        Assert.Equal(9, (await Walk(store, Every, Query([], "parent_id[eq]"))).Count);
    }

    /// <summary>Rows that are divided have these times in another place than those that are not.</summary>
    public virtual async Task Times_of_secrets_are_ordered_and_compared_alike_wherever_a_row_has_them()
    {
        await using var store = await Open(NewDatabase());
        var ends = Enumerable.Range(1, 8).Select(i => Now.AddSeconds(i / 2).AddMicroseconds(i % 2 == 0 ? 0 : 10 * i)).ToArray();
        foreach (var i in Enumerable.Range(0, 8))
        {
            var end = $"{ends[i]:yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz}";
            await store.Commit(Create(i % 4 < 2
                ? Token(i, state: """{"primary":{"access":{"expires_at":"END"}},"secondary":{"deadline":"END"}}""".Replace("END", end, StringComparison.Ordinal))
                : Token(i) with { Hot = HotOf(ends[i], null, null, null, ends[i]) }));
        }

        await store.Commit(Create(Token(8)));
        await store.Commit(Create(Token(9) with { Hot = HotOf(null, null, null, null, null) }));
        string[] none = [Id(8), Id(9)];
        string[] all = [.. Enumerable.Range(0, 8).Select(Id)];
        foreach (var field in new[] { "primary_access_expires_at", "secondary_deadline" })
        {
            Assert.Equal([.. none, .. all], await Walk(store, Every, Query([field])));
            Assert.Equal(all.Reverse(), (await Walk(store, Every, Query([$"{field}[desc]"]))).Take(8));
            Assert.Equal(all[3..], await Walk(store, Every, Query([field], $"{field}[gte]{ends[3]:O}")));
            Assert.Equal(all[..3], await Walk(store, Every, Query([field], $"{field}[lt]{ends[3]:O}")));
            Assert.Equal(all[..4], await Walk(store, Every, Query([field], $"{field}[lte]{ends[3]:O}")));
            foreach (var i in Enumerable.Range(0, 8))
            {
                Assert.Equal([Id(i)], await Walk(store, Every, Query([], $"{field}[eq]{ends[i]:O}")));
            }
        }

        Assert.Equal(10, (await Walk(store, Every, Query(["primary_refresh_expires_at"]))).Count);
    }

    private static byte[] HotOf(params DateTimeOffset?[] times) =>
    [
        1, .. System.Text.Encoding.ASCII.GetBytes(string.Concat(
            times.Select(time => $"{(time is { } some ? some.UtcTicks - DateTimeOffset.UnixEpoch.Ticks : 0):D19}"))), 77,
    ];

    public virtual async Task A_list_goes_on_although_the_row_at_its_place_is_gone()
    {
        await using var store = await Open(NewDatabase());
        foreach (var i in Enumerable.Range(1, 7))
        {
            await store.Commit(Create(Token(i)));
        }

        foreach (var order in new[] { "created_at", "name" })
        {
            var last = order == "created_at" ? Id(2) : Id(6);
            var seen = await Walk(store, Every, Query([order]), async page =>
            {
                if (page == 0 && await store.Read(Key(last)) is { } row)
                {
                    await store.Commit(new Commit(row with { Version = 2 }, 1, []) { Purges = true });
                }
            });
            Assert.Equal(order == "created_at" ? 7 : 6, seen.Count);
            Assert.Equal(seen.Count, seen.Distinct().Count());
        }
    }

    public virtual async Task What_lies_below_a_row_is_found_through_what_was_deleted_between()
    {
        await using var store = await Open(NewDatabase());
        (int Child, int? Parent)[] family = [(1, null), (2, 1), (3, 2), (4, 3), (5, 1), (6, null), (7, 6)];
        foreach (var (child, parent) in family)
        {
            await store.Commit(Create(Token(child, parent)));
        }

        await store.Commit(Update(Token(3, 2) with { Version = 2, NameKey = null, Status = StoredRecord.Deleted }));
        Assert.Equal([Id(2), Id(4), Id(5)], await Walk(store, Every with { Below = Id(1) }, Query([])));
        Assert.Empty(await Walk(store, Every with { Below = Id(7) }, Query([])));
        Assert.Equal(
            [Id(5), Id(2)],
            await Walk(store, Every with { Below = Id(1) }, Query(["id[desc]"], $"parent_id[eq]{Id(1)}")));
    }

    public virtual async Task Rows_of_others_and_tombstones_are_left_out()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Token(1)));
        await store.Commit(Create(Token(2)));
        await store.Commit(Create(Token(3) with { OrganizationId = "o2" }));
        await store.Commit(Create(Token(4) with { Key = new("member", Id(4)) }));
        await store.Commit(Update(Token(2) with { Version = 2, Status = StoredRecord.Deleting }));
        Assert.Equal([Id(1)], await Walk(store, Every, Query([])));
    }
}
