using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Tests.Databases;

/// <summary>
/// How SQLite finds rows. It knows nothing of how many there are, and takes the first index that begins with the
/// service for as good as any: a statement that walks all rows of the service is not seen until there are many.
/// </summary>
public sealed partial class SqlitePlanTests
{
    /// <summary>
    /// Operators' commands, tables of a few rows, ends and beginnings of an order, and sweeps that end with their page.
    /// </summary>
    private static readonly string[] MayWalk =
    [
        "pepper_users", "pepper_links", "imported_keys_of_pepper", "audit_links_over", "audit_of", "server",
        "pepper_check", "advance_history", "place_of_history",
        "place_of_token_lists", "advance_token_lists", "token_lists_entered",
        "last_audit_link", "sweep_events", "sweep_status",
    ];

    /// <summary>Over tables that the program makes before the first migration, and parts of other statements.</summary>
    private static readonly string[] NotAlone = ["demand_program", "schema_state", "made_with"];

    [Fact]
    public async Task No_statement_walks_all_rows_of_a_table_but_those_that_are_meant_to()
    {
        await using var connection = await Migrated();
        var sql = new SqlText("sqlite");
        List<string> walking = [];
        foreach (var name in sql.Names.Except(NotAlone).Where(name => Whole().IsMatch(sql[name]) && !sql[name].Contains('{')))
        {
            walking.AddRange((await Plan(connection, sql[name])).Where(step => Walks().IsMatch(step)).Select(step => $"{name}: {step}"));
        }

        var unmeant = walking.Where(step => !MayWalk.Contains(step[..step.IndexOf(':')]));
        Assert.True(!unmeant.Any(), string.Join('\n', unmeant));
    }

    /// <summary>The statistics are those of 20,000 tokens of one organization; without any the planner does what it
    /// should.</summary>
    [Theory]
    [InlineData("created_at[desc]")]
    [InlineData("created_at")]
    [InlineData("created_at[desc]", "state[eq]active")]
    public async Task Tokens_by_their_beginning_are_read_in_the_order_of_their_index(
        string order, params string[] filters)
    {
        await using var connection = await Migrated();
        await Run(connection, "ANALYZE");
        await Run(
            connection,
            """
            INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('records', 'records_tokens_made', '20002 20002 20002 1 1'),
                ('records', 'records_tokens', '20002 20002 20002 1'), ('records', 'records_name', '20004 20004 10002 6668 1 1'),
                ('records', 'records_parent', '20002 20002 20002 20002'), ('records', 'sqlite_autoindex_records_1', '20005 20005 5002 1')
            """);
        await Run(connection, "ANALYZE sqlite_schema");
        var query = ListQueryParser.Parse(LifecycleTokenList.Schema, [], [], [order], filters, [])! with { Limit = 51 };
        var text = new PlacedPage(new SqlText("sqlite"), "s1", DateTimeOffset.UnixEpoch)
            .Compile(new RecordScope("token", "o1", UnnamedToo: true), query, after: null);
        var plan = await Plan(connection, text);
        Assert.Contains("records_tokens_made", Assert.Single(plan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_below_others_is_found_by_the_index_of_parents(bool stayingToo)
    {
        await using var connection = await Migrated();
        var text = new ListCompiler(new SqlText("sqlite"), "s1").Children(
            "token", ["a", "b"], 10, unfinishedToo: false, stayingToo);
        Assert.Contains(
            await Plan(connection, text), step => step.Contains("records_parent", StringComparison.Ordinal));
    }

    private static async Task<SqliteConnection> Migrated()
    {
        SqliteConnection connection = new("Data Source=:memory:");
        await connection.OpenAsync();
        foreach (var (_, text) in SqlText.Migrations("sqlite"))
        {
            await Run(connection, text);
        }

        return connection;
    }

    private static async Task Run(SqliteConnection connection, string text)
    {
        await using var command = new SqliteCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> Plan(SqliteConnection connection, string text)
    {
        await using var command = new SqliteCommand($"EXPLAIN QUERY PLAN {text}", connection);
        foreach (var name in SqlText.ParametersOf(text))
        {
            command.Parameters.AddWithValue(name, DBNull.Value);
        }

        await using var reader = await command.ExecuteReaderAsync();
        List<string> steps = [];
        while (await reader.ReadAsync())
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\(service_id=\?\)$|^SCAN (?!json_each|i\b|CONSTANT|\()")]
    private static partial Regex Walks();
}
