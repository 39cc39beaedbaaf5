using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Tests.Databases;

/// <summary>
/// How SQLite finds rows. It knows nothing of how many there are, and takes the first index that begins with the service
/// for as good as any: a statement that walks all rows of the service is not seen until there are many.
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
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        foreach (var (_, text) in SqlText.Migrations("sqlite"))
        {
            await using var migration = new SqliteCommand(text, connection);
            await migration.ExecuteNonQueryAsync();
        }

        var sql = new SqlText("sqlite");
        List<string> walking = [];
        foreach (var name in sql.Names.Except(NotAlone).Where(name => Whole().IsMatch(sql[name]) && !sql[name].Contains('{')))
        {
            walking.AddRange((await Plan(connection, sql[name])).Where(step => Walks().IsMatch(step)).Select(step => $"{name}: {step}"));
        }

        var unmeant = walking.Where(step => !MayWalk.Contains(step[..step.IndexOf(':')]));
        Assert.True(!unmeant.Any(), string.Join('\n', unmeant));
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
