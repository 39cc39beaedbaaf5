using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Secrets;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>What every database does alike with the histories of subjects.</summary>
public abstract class HistorySuite
{
    private static readonly PepperRing Ring = new([new Pepper("a", RandomNumberGenerator.GetBytes(32))]);

    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options, string service = "s1") =>
        StoreFactory.Open(options, service, TimeProvider.System, NullLoggerFactory.Instance);

    public virtual async Task A_history_is_what_is_entered_and_the_rows_behind_it_without_a_gap()
    {
        var database = NewDatabase();
        await using var store = await Open(database);
        await using var other = await Open(database, "s2");
        var chain = new AuditChain(store.Links, Ring);
        foreach (var i in Enumerable.Range(1, 9))
        {
            await store.Append(Entry("t1", i) with { At = Now.AddSeconds(i) });
            await store.Append(Entry("t2", i) with { At = Now.AddSeconds(i) });
            await other.Append(Entry("t1", 100 + i) with { At = Now.AddSeconds(i) });
            Assert.Equal(Enumerable.Range(1, i).Reverse(), await Versions(store, "t1"));
            if (i % 3 == 0)
            {
                await chain.LinkNext(Now.AddSeconds(i), TimeSpan.FromSeconds(1));
                Assert.Equal(Enumerable.Range(1, i).Reverse(), await Versions(store, "t1"));
            }

            if (i == 6)
            {
                await EnterAll(store);
            }
        }

        await EnterAll(store);
        Assert.Equal(Enumerable.Range(1, 9).Reverse(), await Versions(store, "t2"));
        Assert.Equal(Enumerable.Range(101, 9).Reverse(), await Versions(other, "t1"));
        Assert.Empty(await Versions(store, "t3"));
    }

    public virtual async Task Rows_of_links_have_their_code_and_those_behind_have_none()
    {
        await using var store = await Open(NewDatabase());
        foreach (var i in Enumerable.Range(1, 3))
        {
            await store.Append(Entry("t1", i) with { At = Now.AddSeconds(i) });
        }

        await new AuditChain(store.Links, Ring).LinkNext(Now.AddSeconds(3), TimeSpan.FromSeconds(1));
        await EnterAll(store);
        var rows = await store.History.Page("t1", long.MaxValue, 10);
        Assert.Equal([null, 1, 1], rows.Select(row => row.Link));
        Assert.Null(rows[0].Code);
        Assert.All(
            rows.Skip(1), row => Assert.Equal(RowCodes.Of(Ring.CurrentChainKey(), row.Number, row.Entry), row.Code));
        Assert.Null((await new AuditVerifier(store.Links, Ring, TimeProvider.System).Verify(null, new HashSet<string>())).Broken);
    }

    public virtual async Task Links_of_before_are_entered_by_several_silos_at_once_each_row_once()
    {
        var database = NewDatabase();
        await using var store = await Open(database);
        await using var second = await Open(database);
        var chain = new AuditChain(store.Links, Ring);
        foreach (var i in Enumerable.Range(1, 40))
        {
            await store.Append(Entry($"t{i % 4}", i) with { At = Now.AddSeconds(i) });
            await chain.LinkNext(Now.AddSeconds(i), TimeSpan.Zero);
        }

        await Task.WhenAll(EnterAll(store), EnterAll(second));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => i * 4).Reverse(), await Versions(second, "t0"));
        Assert.All(await store.History.Page("t0", long.MaxValue, 100), row => Assert.NotNull(row.Link));
    }

    private static async Task EnterAll(RecordStore store)
    {
        while (await store.History.EnterNext())
        {
        }
    }

    /// <summary>Walked by pages of two.</summary>
    private static async Task<List<int>> Versions(RecordStore store, string subject)
    {
        List<int> seen = [];
        for (var before = long.MaxValue; ;)
        {
            var page = await store.History.Page(subject, before, 2);
            seen.AddRange(page.Select(row => (int)row.Entry.SubjectVersion));
            if (page.Count < 2)
            {
                return seen;
            }

            before = page[^1].Number;
        }
    }
}
