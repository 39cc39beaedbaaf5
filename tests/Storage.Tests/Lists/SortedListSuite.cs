using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>Lists by end and by label, which walk tables that follow the trail.</summary>
public abstract class SortedListSuite
{
    private const int Tokens = 24;

    private static readonly PepperRing Ring = new([new Pepper("a", RandomNumberGenerator.GetBytes(32))]);
    private static readonly RecordScope Every = new("token", "o1", UnnamedToo: true);

    private static readonly (string[] Orders, string[] Filters)[] Lists =
    [
        (["expires_at"], []), (["expires_at[desc]"], []), (["expires_at", "name"], []),
        (["expires_at"], ["state[eq]active"]),
        (["expires_at[desc]"], ["state[eq]Expired"]), (["expires_at"], ["labels[eq]even"]), ([], ["labels[eq]even"]),
        (["id[desc]"], ["labels[eq]even"]),
        (["created_at[desc]"], ["labels[eq]third", "expires_at[gt]2026-01-01T06:00:00Z"]),
        ([], ["expires_at[lte]2026-01-01T09:00:00Z"]),
        (["expires_at"], ["last_used_at[eq]1970-01-01T00:00:00Z"]), (["last_used_at"], ["labels[eq]third"]),
        ([], ["labels[eq]none"]),
        (["name"], ["expires_at[eq]2026-01-01T05:00:00Z"]),
        ([], ["expires_at[gte]2026-01-01T05:00:00Z", "expires_at[lt]2026-01-01T08:00:00Z"]),
    ];

    protected abstract StorageOptions NewDatabase();

    private protected abstract Database Open(StorageOptions options);

    private static Task<RecordStore> Store(StorageOptions options) =>
        StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);

    private static string Id(int i) => $"00000000-0000-0000-0000-{i:D12}";

    private static StoredRecord Token(int i, int end, params string[] labels) => Row(Id(i), name: $"n{i}") with
    {
        State = $$"""{"profile":"logon","disabled":false{{(labels is [] ? "" : $",\"labels\":[{string.Join(',', labels.Select(l => $"\"{l}\""))}]")}}}""",
        CreatedAt = Now.AddSeconds(-i),
        ExpiresAt = Now.AddHours(end),
    };

    private static string[] LabelsOf(int i) =>
        [.. new[] { (i % 2 == 0, "even"), (i % 3 == 0, "third") }.Where(label => label.Item1).Select(label => label.Item2)];

    /// <summary>What the tables have is what the tokens say, wherever the tables are behind them.</summary>
    public virtual async Task A_list_has_every_token_in_its_order_wherever_the_tables_are()
    {
        var options = NewDatabase();
        await using var store = await Store(options);
        AuditChain chain = new(store.Links, Ring);
        foreach (var i in Enumerable.Range(1, Tokens))
        {
            await store.Commit(Create(Token(i, i % 12, LabelsOf(i))));
        }

        await store.Commit(Create(Token(50, 4, "even") with { OrganizationId = "o2" }));
        await Check(store);
        await LinkAll(store, chain, Now.AddHours(1));
        await Check(store);

        // Some end later, some have other labels, one is gone: first behind the tables, then in them.
        await Change(store, Token(3, 30, LabelsOf(3)));
        await Change(store, Token(4, 1, "third"));
        await Change(store, Token(5, 2, "even", "even"));
        await Change(store, Token(6, 7) with { NameKey = null, Status = StoredRecord.Deleted });
        await store.Commit(Create(Token(60, 3, "even", "third")));
        await Check(store);
        await LinkAll(store, chain, Now.AddHours(2));
        await Check(store);
        Assert.Equal([Id(12), Id(24), Id(1), Id(4), Id(13)], (await Ids(store, Query(["expires_at"])))[..5]);
    }

    public virtual async Task A_token_that_is_purged_leaves_nothing_in_the_tables()
    {
        var options = NewDatabase();
        await using var store = await Store(options);
        var token = Token(1, 5, "a", "b");
        await store.Commit(Create(token));
        await LinkAll(store, new AuditChain(store.Links, Ring), Now.AddHours(1));
        Assert.Equal((1, 2), await Entries(options));
        await store.Commit(new Commit(token with { Version = 2 }, 1, []) { Purges = true });
        Assert.Equal((0, 0), await Entries(options));
    }

    public virtual async Task Several_silos_enter_the_same()
    {
        var options = NewDatabase();
        await using var store = await Store(options);
        await using var second = await Store(options);
        AuditChain chain = new(store.Links, Ring);
        foreach (var i in Enumerable.Range(1, Tokens))
        {
            await store.Commit(Create(Token(i, i, LabelsOf(i))));
            await chain.LinkNext(Now.AddSeconds(i), TimeSpan.Zero);
        }

        await Task.WhenAll(Enter(store), Enter(second));
        Assert.Equal((Tokens, Tokens / 2 + Tokens / 3), await Entries(options));
        await Check(store);
    }

    /// <summary>Databases of before have tokens that no link will name again.</summary>
    public virtual async Task A_migration_enters_the_tokens_that_are_there()
    {
        var options = NewDatabase();
        await using (var store = await Store(options))
        {
            foreach (var i in Enumerable.Range(1, Tokens))
            {
                await store.Commit(Create(Token(i, i % 5, LabelsOf(i))));
            }

            await new AuditChain(store.Links, Ring).LinkNext(Now.AddHours(1), TimeSpan.Zero);
        }

        await using (var database = Open(options))
        {
            await using var connection = await database.Open();
            foreach (var undo in new[]
            {
                "DROP TABLE token_ends", "DROP TABLE token_labels", "DROP TABLE token_list_places",
                "DELETE FROM schema_versions WHERE number = 17",
            })
            {
                await using var command = connection.Command(undo);
                await command.ExecuteNonQueryAsync();
            }
        }

        await using var after = await Store(options);
        Assert.Equal((Tokens, Tokens / 2 + Tokens / 3), await Entries(options));
        Assert.False(await after.SortedTokens.EnterNext());
        await Check(after);
    }

    private async Task<(int Ends, int Labels)> Entries(StorageOptions options)
    {
        await using var database = Open(options);
        await using var connection = await database.Open();
        await using var command = connection.Command(
            "SELECT (SELECT CAST(COUNT(*) AS bigint) FROM token_ends), (SELECT CAST(COUNT(*) AS bigint) FROM token_labels)");
        return (await command.ReadAll(row => ((int)row.GetInt64(0), (int)row.GetInt64(1))))[0];
    }

    private static async Task Change(RecordStore store, StoredRecord row)
    {
        var stored = await store.Read(row.Key) ?? throw new InvalidOperationException("there is no such row");
        Assert.Equal(CommitOutcome.Done, await store.Commit(Update(row with { Version = stored.Version + 1 })));
    }

    private static async Task LinkAll(RecordStore store, AuditChain chain, DateTimeOffset now)
    {
        Assert.True(await chain.LinkNext(now, TimeSpan.FromSeconds(1)) > 0);
        await Enter(store);
    }

    private static async Task Enter(RecordStore store)
    {
        while (await store.SortedTokens.EnterNext())
        {
        }
    }

    private static ListQuery Query(string[] orders, params string[] filters) =>
        ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], orders, filters, [])! with { Limit = 3 };

    /// <summary>Every list against what the rows themselves say.</summary>
    private static async Task Check(RecordStore store)
    {
        var rows = (await store.ListAfter(Every, Query([]) with { Limit = 1000 }, null, Now)).Select(row => row.Record).ToList();
        foreach (var (orders, filters) in Lists)
        {
            var query = Query(orders, filters);
            var expected = rows.Where(row => query.Filters.All(filter => Holds(row, filter)));
            Assert.Equal(Ordered(expected, query).Select(row => row.Key.Id), await Ids(store, query));
        }
    }

    private static async Task<List<string>> Ids(RecordStore store, ListQuery query)
    {
        List<string> seen = [];
        ListPlace? after = null;
        do
        {
            var page = await store.ListAfter(Every, query, after, Now.AddHours(3.5));
            seen.AddRange(page.Select(row => row.Record.Key.Id));
            after = page.Count == query.Limit ? page[^1].Place : null;
        }
        while (after is not null);
        return seen;
    }

    private static bool Holds(StoredRecord row, ListFilter filter) => filter.Field.Name switch
    {
        "labels" => row.State.Contains($"\"{filter.Values[0]}\"", StringComparison.Ordinal),
        "state" =>
            filter.Values[0].Equals("active", StringComparison.OrdinalIgnoreCase) == row.ExpiresAt > Now.AddHours(3.5),
        "last_used_at" => true,
        _ => Compared(row.ExpiresAt!.Value.CompareTo(DateTimeOffset.Parse(filter.Values[0], null)), filter.Operator),
    };

    private static bool Compared(int order, ListOperator operation) => operation switch
    {
        ListOperator.Eq => order == 0,
        ListOperator.Gt => order > 0,
        ListOperator.Gte => order >= 0,
        ListOperator.Lt => order < 0,
        _ => order <= 0,
    };

    private static IEnumerable<StoredRecord> Ordered(IEnumerable<StoredRecord> rows, ListQuery query)
    {
        var first = query.Orders[0];
        var along = first.Descending && (first.Field.TakesIdsAlong || first.Field.Name == "id");
        var ordered = (first.Field.Name, first.Descending) switch
        {
            ("expires_at", false) => rows.OrderBy(row => row.ExpiresAt),
            ("expires_at", true) => rows.OrderByDescending(row => row.ExpiresAt),
            ("created_at", true) => rows.OrderByDescending(row => row.CreatedAt),
            ("name", false) => rows.OrderBy(row => row.Name, StringComparer.Ordinal),
            _ => rows.OrderBy(_ => 0),
        };
        if (query.Orders.Length > 1)
        {
            ordered = ordered.ThenBy(row => row.Name, StringComparer.Ordinal);
        }

        return along
            ? ordered.ThenByDescending(row => row.Key.Id, StringComparer.Ordinal)
            : ordered.ThenBy(row => row.Key.Id, StringComparer.Ordinal);
    }
}

/// <summary>The suite on SQLite.</summary>
public sealed class SqliteSortedListTests : SortedListSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-sorted-").FullName;

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    private protected override Database Open(StorageOptions options) =>
        new Sqlite.SqliteDatabase(options.ConnectionString ?? "");

    [Fact]
    public override Task A_list_has_every_token_in_its_order_wherever_the_tables_are() =>
        base.A_list_has_every_token_in_its_order_wherever_the_tables_are();

    [Fact]
    public override Task A_token_that_is_purged_leaves_nothing_in_the_tables() =>
        base.A_token_that_is_purged_leaves_nothing_in_the_tables();

    [Fact]
    public override Task Several_silos_enter_the_same() => base.Several_silos_enter_the_same();

    [Fact]
    public override Task A_migration_enters_the_tokens_that_are_there() =>
        base.A_migration_enters_the_tokens_that_are_there();
}

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgreSqlSortedListTests : SortedListSuite
{
    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    private protected override Database Open(StorageOptions options) =>
        new PostgreSql.PostgreSqlDatabase(options.ConnectionString ?? "");

    [PostgreSqlFact]
    public override Task A_list_has_every_token_in_its_order_wherever_the_tables_are() =>
        base.A_list_has_every_token_in_its_order_wherever_the_tables_are();

    [PostgreSqlFact]
    public override Task A_token_that_is_purged_leaves_nothing_in_the_tables() =>
        base.A_token_that_is_purged_leaves_nothing_in_the_tables();

    [PostgreSqlFact]
    public override Task Several_silos_enter_the_same() => base.Several_silos_enter_the_same();

    [PostgreSqlFact]
    public override Task A_migration_enters_the_tokens_that_are_there() =>
        base.A_migration_enters_the_tokens_that_are_there();
}
