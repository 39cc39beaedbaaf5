using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>
/// What a page of many tokens reads: entries of one index in its order, and as many rows as it shows. An organization
/// that has few tokens does not walk over those of one that has many.
/// </summary>
public abstract class LargeListSuite
{
    private const int Many = 5_000;
    private const int Few = 20;

    protected abstract StorageOptions NewDatabase();

    private protected abstract Database Open(StorageOptions options);

    /// <summary>Lets the database count its rows, by which it plans.</summary>
    protected abstract string Analyze { get; }

    protected abstract string Explain { get; }

    /// <summary>Whether a line of a plan sorts, or reads a table as a whole.</summary>
    protected abstract bool IsBad(string line);

    public virtual async Task A_page_walks_an_index_in_its_order_and_sorts_nothing()
    {
        var options = NewDatabase();
        await using var store = await StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);
        await Task.WhenAll(Enumerable.Range(0, Many).Select(i => store.Commit(Create(Token(i, "o1")))));
        await Task.WhenAll(Enumerable.Range(Many, Few).Select(i => store.Commit(Create(Token(i, "o2")))));
        await using var database = Open(options);
        await using var connection = await database.Open();
        await using (var analyze = connection.Command(Analyze))
        {
            await analyze.ExecuteNonQueryAsync();
        }

        (string[] Orders, string Index)[] lists =
        [
            ([], "records_tokens"), (["id[desc]"], "records_tokens"), (["created_at"], "records_tokens_made"),
            (["last_used_at"], "token_uses_order"), (["last_used_at[desc]"], "token_uses_order"),
        ];
        foreach (var (orders, index) in lists)
        {
            var query = ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], orders, [], [])! with { Limit = 10 };
            var scope = new RecordScope("token", "o1", UnnamedToo: true);
            var first = await store.ListAfter(scope, query, null, Now);
            foreach (var place in new[] { null, first[^1].Place })
            {
                var plan = await PlanOf(connection, database, scope, query, place);
                Assert.True(
                    plan.Any(line => line.Contains(index, StringComparison.Ordinal)),
                    string.Join('\n', [.. orders, .. plan]));
                Assert.False(plan.Any(IsBad), string.Join('\n', [.. orders, .. plan]));
            }

            var few = await store.ListAfter(
                scope with { OrganizationId = "o2" }, query with { Limit = 100 }, null, Now);
            Assert.Equal(Few, few.Count);
        }
    }

    /// <summary>Random ids, so that tokens of both organizations lie among each other.</summary>
    private static StoredRecord Token(int i, string organization) => Row(Guid.NewGuid().ToString(), name: $"n{i}") with
    {
        NameKey = i % 2 == 0 ? null : $"n{i}",
        OrganizationId = organization,
        OwnerId = organization,
        CreatedAt = Now.AddSeconds(i),
    };

    private async Task<List<string>> PlanOf(
        DbConnection connection, Database database, RecordScope scope, ListQuery query, ListPlace? after)
    {
        PlacedPage compiler = new(database.Sql, "s1", Now);
        var text = compiler.Compile(scope, query, after);
        await using var command = connection.Command($"{Explain} {text}", [.. compiler.Parameters]);
        return await command.ReadAll(row => row.GetString(row.FieldCount - 1));
    }
}

/// <summary>The suite on PostgreSQL.</summary>
public sealed class PostgreSqlLargeListTests : LargeListSuite
{
    protected override string Analyze => "ANALYZE";

    protected override string Explain => "EXPLAIN";

    protected override StorageOptions NewDatabase() =>
        new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = PostgreSqlServer.NewDatabase() };

    private protected override Database Open(StorageOptions options) =>
        new TokenActors.Storage.PostgreSql.PostgreSqlDatabase(options.ConnectionString ?? "");

    protected override bool IsBad(string line) =>
        line.Contains("Sort", StringComparison.Ordinal) || line.Contains("Seq Scan", StringComparison.Ordinal);

    [PostgreSqlFact]
    public override Task A_page_walks_an_index_in_its_order_and_sorts_nothing() =>
        base.A_page_walks_an_index_in_its_order_and_sorts_nothing();

    /// <summary>The planner takes a word that it cannot count for rare, and would sort the few tokens that it
    /// expects.</summary>
    [PostgreSqlFact]
    public async Task A_page_by_end_walks_the_table_of_ends_whatever_state_is_asked_for()
    {
        var options = NewDatabase();
        await using var store = await StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);
        await using var database = Open(options);
        await using var connection = await database.Open();
        foreach (var statement in new[]
        {
            "INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, owner_id, name, status, "
                + "created_at, updated_at, expires_at) "
                + $"SELECT 's1', 'token', n, 1, 'c', '{{\"fullname\":\"{new string('x', 1400)}\"}}', 'o1', 'o1', 't' || n, 'live', n, 0, "
                + "(n - 10000) * CAST(3600000000 AS bigint) FROM generate_series(1, 20000) AS n",
            "INSERT INTO token_ends (service_id, token_id, organization_id, ends_at) SELECT service_id, id, organization_id, expires_at FROM records",
            "VACUUM ANALYZE",
        })
        {
            await using var command = connection.Command(statement);
            await command.ExecuteNonQueryAsync();
        }

        foreach (var (order, state) in new[] { ("expires_at", "active"), ("expires_at[desc]", "expired") })
        {
            var query = ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], [order], [$"state[eq]{state}"], [])! with { Limit = 51 };
            PlacedPage compiler = new(database.Sql, "s1", DateTimeOffset.UnixEpoch);
            var text = compiler.Compile(
                new RecordScope("token", "o1", UnnamedToo: true), query, after: null, new SortedWalk(
                    SortedBeside.Ends, Entered: 0));
            await using var explain = connection.Command($"{Explain} {text}", [.. compiler.Parameters]);
            var plan = string.Join('\n', await explain.ReadAll(row => row.GetString(0)));
            Assert.Contains("token_ends_order", plan, StringComparison.Ordinal);
            Assert.DoesNotContain("Sort Key: token_ends", plan, StringComparison.Ordinal);
        }
    }

    /// <summary>The server says of how many updates no index had an entry made.</summary>
    [PostgreSqlFact]
    public async Task A_refresh_moves_no_index()
    {
        const int refreshes = 60;
        var options = NewDatabase();
        await using var store = await StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);
        var token = Row("t1") with { ExpiresAt = Now.AddHours(1), DueAt = Now.AddHours(1) };
        await store.Commit(Create(token));
        foreach (var i in Enumerable.Range(1, refreshes))
        {
            var next = token with { Version = i + 1, CommandId = $"c{i}", ExpiresAt = Now.AddHours(i), UpdatedAt = Now.AddSeconds(i) };
            Assert.Equal(CommitOutcome.Done, await store.Commit(Update(next)));
        }

        await using var database = Open(options);
        await using var connection = await database.Open();
        (long All, long Without) updates = default;
        await Eventually.Holds(
            async () =>
            {
                await using var read = connection.Command(
                    "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'records'");
                updates = (await read.ReadAll(row => (row.GetInt64(0), row.GetInt64(1))))[0];
                return updates.All >= refreshes;
            },
            "the server counts the updates");
        Assert.InRange(updates.Without, refreshes - 3, refreshes);
    }
}

/// <summary>The suite on SQLite.</summary>
public sealed class SqliteLargeListTests : LargeListSuite
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-large-").FullName;

    protected override string Analyze => "ANALYZE";

    protected override string Explain => "EXPLAIN QUERY PLAN";

    protected override StorageOptions NewDatabase() =>
        new() { ConnectionString = StoreFactory.SqliteFile(Path.Combine(_folder, Guid.NewGuid().ToString("N"))) };

    private protected override Database Open(StorageOptions options) =>
        new TokenActors.Storage.Sqlite.SqliteDatabase(options.ConnectionString ?? "");

    protected override bool IsBad(string line) =>
        line.Contains("TEMP B-TREE", StringComparison.Ordinal)
            || line.StartsWith("SCAN records", StringComparison.Ordinal);

    [Fact]
    public override Task A_page_walks_an_index_in_its_order_and_sorts_nothing() =>
        base.A_page_walks_an_index_in_its_order_and_sorts_nothing();
}
