using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>Pages of the trail, and what a server says of itself, alike on every database.</summary>
public abstract class PageSuite
{
    private static readonly PepperRing Ring = new([new Pepper("a", RandomNumberGenerator.GetBytes(32))]);

    protected abstract StorageOptions NewDatabase();

    /// <summary>A row of a call, which is what people see of the trail.</summary>
    private static AuditEntry Call(string id, DateTimeOffset at) =>
        Entry(id, 1) with { At = at, Method = "POST", Path = "/v1/tokens", Code = "201" };

    private static Task<RecordStore> Open(StorageOptions options, string service = "s1") =>
        StoreFactory.Open(options, service, TimeProvider.System, NullLoggerFactory.Instance);

    private static async Task<List<ProvedEntry>> All(
        RecordStore store, int limit, bool descending, DateTimeOffset? until = null)
    {
        List<ProvedEntry> all = [];
        AuditPlace? after = null;
        while (true)
        {
            var page = await store.Audit.Page(new("o1", [], after, until, limit, descending));
            Assert.InRange(page.Count, 0, limit);
            all.AddRange(page);
            if (page.Count < limit)
            {
                return all;
            }

            after = new(page[^1].Entry.At, page[^1].Number);
        }
    }

    /// <summary>Also where many share a time: a page ends among them.</summary>
    public virtual async Task Pages_together_hold_each_row_of_the_organization_once_and_in_order()
    {
        var database = NewDatabase();
        await using var store = await Open(database);
        await using var other = await Open(database, "s2");
        for (var i = 0; i < 30; i++)
        {
            await store.Append(Call($"t{i}", Now.AddSeconds(i / 7)));
            await store.Append(Call($"x{i}", Now.AddSeconds(i / 7)) with { OrganizationId = "o2" });
            await other.Append(Call($"y{i}", Now.AddSeconds(i / 7)));
        }

        var whole = await All(store, 1_000, descending: false);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"t{i}"), whole.Select(row => row.Entry.Subject.Id));
        foreach (var limit in (int[])[1, 4, 7, 30])
        {
            Assert.Equal(
                whole.Select(row => row.Number),
                (await All(store, limit, descending: false)).Select(row => row.Number));
            Assert.Equal(
                whole.Select(row => row.Number).Reverse(),
                (await All(store, limit, descending: true)).Select(row => row.Number));
        }

        Assert.Equal(14, (await All(store, 5, descending: false, until: Now.AddSeconds(1))).Count);
        Assert.Empty(await All(store, 5, descending: false, until: Now.AddSeconds(-1)));
        Assert.Empty(await store.Audit.Page(new("o3", [], null, null, 5, true)));
    }

    public virtual async Task A_row_has_its_code_once_it_is_linked()
    {
        await using var store = await Open(NewDatabase());
        for (var i = 0; i < 6; i++)
        {
            await store.Append(Call($"t{i}", Now.AddSeconds(i)));
        }

        Assert.All(await All(store, 4, descending: true), row => Assert.Equal((null, null), (row.Link, row.Code)));
        await new AuditChain(store.Links, Ring).LinkNext(Now.AddSeconds(3), TimeSpan.FromSeconds(0));
        await store.Append(Call("t6", Now.AddSeconds(6)));
        var rows = await All(store, 4, descending: false);
        Assert.Contains(rows, row => row.Link is not null);
        Assert.Null(rows[^1].Link);
        Assert.All(rows, row => Assert.Equal(row.Link is null, row.Code is null));
        Assert.All(rows.Where(row => row.Code is not null), row => Assert.Matches("^[0-9a-fA-F]{32,}$", row.Code));
        Assert.Equal(
            rows.Count(row => row.Code is not null),
            rows.Where(row => row.Code is not null).Select(row => row.Code).Distinct().Count());
    }

    public virtual async Task A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one()
    {
        await using var store = await Open(NewDatabase());
        await store.Commit(Create(Row("t1")));
        var facts = await store.CheckDatabase(TimeProvider.System);
        Assert.Equal([], facts.Where(fact => fact.Problem is not null).Select(fact => $"{fact.What}: {fact.Problem}"));
        Assert.All(
            (string[])["version", "isolation", "collation", "rights", "clock"],
            what => Assert.Single(facts, fact => fact.What == what));
        Assert.Contains(
            facts, fact => fact.What.StartsWith("plan of ", StringComparison.Ordinal) && fact.Value.Length > 0);

        var late = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(-1));
        var clock = Assert.Single(await store.CheckDatabase(late), fact => fact.Problem is not null);
        Assert.Equal(("clock", "run NTP on both; leases live on the database's clock"), (clock.What, clock.Problem));
        Assert.Matches("^3[67][0-9][0-9]", clock.Value);
    }
}

/// <summary>The suite on SQLite.</summary>
public sealed class SqlitePageTests : PageSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-pages-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task Pages_together_hold_each_row_of_the_organization_once_and_in_order() =>
        base.Pages_together_hold_each_row_of_the_organization_once_and_in_order();

    [Fact]
    public override Task A_row_has_its_code_once_it_is_linked() => base.A_row_has_its_code_once_it_is_linked();

    [Fact]
    public override Task A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one() =>
        base.A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one();
}

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgreSqlPageTests : PageSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task Pages_together_hold_each_row_of_the_organization_once_and_in_order() =>
        base.Pages_together_hold_each_row_of_the_organization_once_and_in_order();

    [PostgreSqlFact]
    public override Task A_row_has_its_code_once_it_is_linked() => base.A_row_has_its_code_once_it_is_linked();

    [PostgreSqlFact]
    public override Task A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one() =>
        base.A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one();
}

/// <summary>The suite on SQL Server.</summary>
public sealed class SqlServerPageTests : PageSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.SqlServer, ConnectionString = SqlServerFactAttribute.NewDatabase() };

    [SqlServerFact]
    public override Task Pages_together_hold_each_row_of_the_organization_once_and_in_order() =>
        base.Pages_together_hold_each_row_of_the_organization_once_and_in_order();

    [SqlServerFact]
    public override Task A_row_has_its_code_once_it_is_linked() => base.A_row_has_its_code_once_it_is_linked();

    [SqlServerFact]
    public override Task A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one() =>
        base.A_server_that_is_right_has_no_problems_and_a_wrong_clock_is_one();
}
