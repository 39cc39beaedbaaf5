using Microsoft.Extensions.Logging.Abstractions;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Audit;

/// <summary>What every database must do alike for who reads the trail as it grows.</summary>
public abstract class TrailSuite
{
    protected abstract StorageOptions NewDatabase();

    private static Task<RecordStore> Open(StorageOptions options, string service = "s1") =>
        StoreFactory.Open(options, service, TimeProvider.System, NullLoggerFactory.Instance);

    public virtual async Task Rows_come_after_a_number_in_order_and_of_one_service_alone()
    {
        var database = NewDatabase();
        await using var store = await Open(database);
        await using var other = await Open(database, "s2");
        Assert.Equal(0, await store.Trail.End());
        await store.Commit(Create(Row("t1")));
        await other.Commit(Create(Row("t9")));
        await store.Append(Entry("t2", 1, "token.refreshed"));
        var rows = await store.Trail.After(0, 10);
        Assert.Equal(
            [("t1", "token.issued"), ("t2", "token.refreshed")], rows.Select(row => (row.Subject.Id, row.Event)));
        Assert.All(
            rows,
            row => Assert.Equal(("o1", "token", false), (row.OrganizationId, row.Subject.Kind, row.HadTokensBelow)));
        Assert.Equal(rows[1].Number, await store.Trail.End());
        Assert.Equal("t1", Assert.Single(await store.Trail.After(0, 1)).Subject.Id);
        Assert.Equal("t2", Assert.Single(await store.Trail.After(rows[0].Number, 10)).Subject.Id);
        Assert.Empty(await store.Trail.After(rows[1].Number, 10));
    }

    public virtual async Task Numbers_that_are_missing_are_found_once_they_are_committed()
    {
        await using var store = await Open(NewDatabase());
        await store.Append(Entry("t1", 1));
        await store.Append(Entry("t2", 1));
        var numbers = (await store.Trail.After(0, 10)).Select(row => row.Number).ToList();
        Assert.Equal(
            ["t1", "t2"], (await store.Trail.Late([numbers[1], numbers[0], 999_999])).Select(row => row.Subject.Id));
        Assert.Empty(await store.Trail.Late([999_999]));
    }

    public virtual async Task A_deleted_token_says_whether_others_were_made_with_it()
    {
        await using var store = await Open(NewDatabase());

        // A token that was made with none names itself.
        await store.Commit(Create(Row("alone", parent: "alone")));
        await store.Commit(Create(Row("parent", parent: "parent")));
        await store.Commit(Create(Row("child", parent: "parent")));
        var before = await store.Trail.End();
        foreach (var (id, what) in new[] { ("alone", "token.deleted"), ("child", "token.deleted"), ("parent", "token.deleted"), ("parent", "token.reset") })
        {
            await store.Append(Entry(id, 2, what));
        }

        Assert.Equal(
            [false, false, true, false], (await store.Trail.After(before, 10)).Select(row => row.HadTokensBelow));
    }
}

/// <summary>The trail on SQLite.</summary>
public sealed class SqliteTrailTests : TrailSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-trail-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    [Fact]
    public override Task Rows_come_after_a_number_in_order_and_of_one_service_alone() =>
        base.Rows_come_after_a_number_in_order_and_of_one_service_alone();

    [Fact]
    public override Task Numbers_that_are_missing_are_found_once_they_are_committed() =>
        base.Numbers_that_are_missing_are_found_once_they_are_committed();

    [Fact]
    public override Task A_deleted_token_says_whether_others_were_made_with_it() =>
        base.A_deleted_token_says_whether_others_were_made_with_it();
}

/// <summary>The trail on PostgreSQL.</summary>
public sealed class PostgreSqlTrailTests : TrailSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    [PostgreSqlFact]
    public override Task Rows_come_after_a_number_in_order_and_of_one_service_alone() =>
        base.Rows_come_after_a_number_in_order_and_of_one_service_alone();

    [PostgreSqlFact]
    public override Task Numbers_that_are_missing_are_found_once_they_are_committed() =>
        base.Numbers_that_are_missing_are_found_once_they_are_committed();

    [PostgreSqlFact]
    public override Task A_deleted_token_says_whether_others_were_made_with_it() =>
        base.A_deleted_token_says_whether_others_were_made_with_it();
}
