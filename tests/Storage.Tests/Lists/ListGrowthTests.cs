using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using Xunit.Abstractions;

namespace TokenActors.Storage.Tests.Lists;

/// <summary>
/// How long a page takes among many tokens and among a thousand. <c>TOKENACTORS_LIST_ROWS=1000000</c> makes many a
/// million, and holds the ratio of times; otherwise there are ten thousand, and each page is held against the other
/// organization's alone: it must be whole, and the same wherever it begins.
/// </summary>
public sealed class ListGrowthTests(ITestOutputHelper output)
{
    private const int Few = 1_000;
    private const int Page = 101;
    private const int Rounds = 15;
    private const double MostOfRatio = 3;
    private const int Large = 1_000_000;

    private static readonly int Many = int.Parse(
        Environment.GetEnvironmentVariable("TOKENACTORS_LIST_ROWS") ?? "10000", CultureInfo.InvariantCulture);

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);

    /// <summary>
    /// Ends lie an hour apart on both sides of now; half of the tokens have a label, and 150 another; a third was never
    /// used, the others a second apart.
    /// </summary>
    private static readonly (string[] Orders, string[] Filters)[] Lists =
    [
        (["expires_at"], []), (["expires_at[desc]"], []), (["expires_at"], ["state[eq]active"]),
        (["expires_at[desc]"], ["state[eq]expired"]), ([], ["labels[eq]common"]), (["id[desc]"], ["labels[eq]common"]),
        ([], ["labels[eq]rare"]), (["created_at[desc]"], ["labels[eq]rare"]), (["expires_at"], ["labels[eq]rare"]),
        (["created_at"], ["labels[eq]common"]), (["created_at[desc]"], []), (["created_at[desc]"], ["state[eq]active"]),
        (["last_used_at"], []), (["last_used_at[desc]"], []), (["last_used_at[desc]"], ["state[eq]active"]),
        (["last_used_at"], ["last_used_at[gt]1970-01-01T00:01:00Z"]), (["last_used_at[desc]"], ["labels[eq]common"]),
        (["last_used_at"], ["last_used_at[lt]1970-01-01T00:10:00Z"]),
    ];

    [Fact]
    public async Task A_page_on_SQLite_takes_among_many_what_it_takes_among_a_thousand()
    {
        var folder = Directory.CreateTempSubdirectory("tokenactors-growth-").FullName;
        var connection = StoreFactory.SqliteFile(Path.Combine(folder, "growth.db"));
        StorageOptions options = new() { ConnectionString = connection };
        await Measure(
            options, new Sqlite.SqliteDatabase(connection),
            "(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {0}) SELECT n FROM s)",
            "lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4000-8000-' || printf('%012d', n)", "ANALYZE");
        Directory.Delete(folder, recursive: true);
    }

    [PostgreSqlFact]
    public async Task A_page_on_PostgreSQL_takes_among_many_what_it_takes_among_a_thousand()
    {
        var connection = PostgreSqlServer.NewDatabase();
        StorageOptions options = new() { Provider = DatabaseProvider.PostgreSql, ConnectionString = connection };
        await Measure(
            options, new PostgreSql.PostgreSqlDatabase(connection + ";Command Timeout=600"),
            "(SELECT generate_series(1, {0}) AS n)",
            "gen_random_uuid()::text", "VACUUM ANALYZE");
    }

    private async Task Measure(StorageOptions options, Database database, string series, string id, string analyze)
    {
        await using var store = await StoreFactory.Open(options, "s1", TimeProvider.System, NullLoggerFactory.Instance);
        await using (database)
        {
            await using var connection = await database.Open();
            foreach (var (organization, tokens) in new[] { ("many", Many), ("few", Few) })
            {
                foreach (var statement in Fill(organization, tokens, string.Format(CultureInfo.InvariantCulture, series, tokens), id))
                {
                    await using var command = connection.Command(statement);
                    command.CommandTimeout = 600;
                    await command.ExecuteNonQueryAsync();
                }
            }

            await using var count = connection.Command(analyze);
            count.CommandTimeout = 600;
            await count.ExecuteNonQueryAsync();
        }

        List<string> slow = [];
        foreach (var (orders, filters) in Lists)
        {
            var query = ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], orders, filters, [])! with { Limit = Page };
            var few = await Shortest(store, "few", query);
            var many = await Shortest(store, "many", query);
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(' ', [.. orders, .. filters]),-45} {few:F2} ms among {Few}, {many:F2} ms among {Many}: {many / few:F2}");
            output.WriteLine(line);
            if (Many >= Large && many / few > MostOfRatio)
            {
                slow.Add(line);
            }
        }

        Assert.True(slow is [], string.Join('\n', slow));
    }

    private static IEnumerable<string> Fill(string organization, int tokens, string series, string id) =>
    [
        "INSERT INTO records (service_id, kind, id, version, command_id, state, organization_id, owner_id, parent_id, member_id, name, "
            + "name_key, status, created_at, updated_at, expires_at) "
            + $"SELECT 's1', 'token', {id}, 1, 'c', '{{\"profile\":\"adhoc\",\"fullname\":\"{new string('x', 1400)}\"' || "
            + $"CASE WHEN n % {tokens / 150} = 0 THEN ',\"labels\":[\"common\",\"rare\"]' WHEN n % 2 = 0 THEN ',\"labels\":[\"common\"]' ELSE '' END || '}}', "
            + $"'{organization}', '{organization}', NULL, 'm', 't' || n, 't' || n, 'live', n * CAST(1000000 AS bigint), 0, "
            + $"1000000000000000 + (n - {tokens / 2}) * CAST(3600000000 AS bigint) FROM {series} s",
        "INSERT INTO token_uses (service_id, token_id, organization_id, last_used_at) "
            + "SELECT service_id, id, organization_id, CASE WHEN created_at % 3000000 = 0 THEN 0 ELSE created_at END "
            + $"FROM records WHERE organization_id = '{organization}'",
        "INSERT INTO token_ends (service_id, token_id, organization_id, ends_at) "
            + $"SELECT service_id, id, organization_id, expires_at FROM records WHERE organization_id = '{organization}'",
        "INSERT INTO token_labels (service_id, organization_id, label, token_id) SELECT service_id, organization_id, 'common', id "
            + $"FROM records WHERE organization_id = '{organization}' AND state LIKE '%\"common\"%'",
        "INSERT INTO token_labels (service_id, organization_id, label, token_id) SELECT service_id, organization_id, 'rare', id "
            + $"FROM records WHERE organization_id = '{organization}' AND state LIKE '%\"rare\"%'",
    ];

    /// <summary>The slower of two pages, each at its best: the first, and one after a place, which goes on from
    /// there.</summary>
    private static async Task<double> Shortest(RecordStore store, string organization, ListQuery query)
    {
        RecordScope scope = new("token", organization, UnnamedToo: true);
        var first = await store.ListAfter(scope, query with { Limit = 2 }, null, Now);
        var (begin, next) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Rounds; i++)
        {
            begin = Math.Min(begin, await Time(null, first[0]));
            next = Math.Min(next, await Time(first[0].Place, first[1]));
        }

        return Math.Max(begin, next);

        async Task<double> Time(ListPlace? after, PlacedRecord expected)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await store.ListAfter(scope, query, after, Now);
            var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            Assert.Equal(Page, page.Count);
            Assert.Equal(expected.Record.Key, page[0].Record.Key);
            return time;
        }
    }
}
