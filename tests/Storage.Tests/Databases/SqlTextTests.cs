using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Tests.Databases;

/// <summary>Statements as they are sent, with the lists of columns filled in.</summary>
public sealed partial class SqlTextTests
{
    public static TheoryData<string> Products => ["sqlite", "postgresql", "sqlserver"];

    [Theory]
    [MemberData(nameof(Products))]
    public void Only_what_a_list_query_fills_in_is_left_open(string database)
    {
        var sql = new SqlText(database);
        var open = sql.Names.SelectMany(name => Braces().Matches(sql[name]).Select(match => match.Value)).Distinct();
        Assert.Subset(new HashSet<string> { "{limit}", "{place}", "{digits}", "{kind}", "{parent}", "{page}", "{offset}", "{expression}", "{name}", "{path}", "{value}", "{values}", "{condition}", "{first}", "{second}", "{next}", "{beyond}" }, open.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Products))]
    public async Task A_new_row_is_given_every_column_of_the_schema_and_as_many_values(string database)
    {
        foreach (var table in new[] { "records", "audit" })
        {
            var insert = new SqlText(database)[table == "records" ? "insert" : "audit"];
            var (columns, values) = Insert(insert, table);
            Assert.Equal(columns.Length, values.Length);
            Assert.Equal(await SchemaOf(table), columns.Order());
            foreach (var (column, value) in columns.Zip(values))
            {
                Assert.Equal(Parameter(column), value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void A_further_version_leaves_the_row_its_key_and_owner(string database)
    {
        // The state is given where it changes.
        var update = new SqlText(database)["update"].Replace(
            "COALESCE(@state, state)", "@state", StringComparison.Ordinal);
        var assignments = update[(update.IndexOf(" SET ", StringComparison.Ordinal) + 5)..update.IndexOf(
            "\nWHERE", StringComparison.Ordinal)]
            .Split(", ").Select(assignment => assignment.Split(" = ")).ToDictionary(
                parts => parts[0], parts => parts[1]);
        Assert.Equal(
            [
                "command_id", "due_at", "due_tag", "expires_at", "hot", "last_used_at", "name", "name_key",
                "presented_at", "sealed", "state", "status",
                "updated_at", "version",
            ],
            assignments.Keys.Order());
        Assert.All(assignments, assignment => Assert.Equal(Parameter(assignment.Key), assignment.Value));
    }

    [Fact]
    public async Task An_update_in_place_names_no_column_of_an_index()
    {
        await using var connection = await Migrated();
        await using var command = connection.Command(
            "SELECT DISTINCT c.name FROM pragma_index_list('records') i JOIN pragma_index_info(i.name) c WHERE i.origin = 'c'");
        var indexed = await command.ReadAll(row => row.GetString(0));
        var update = new SqlText("sqlite")["update_in_place"];
        Assert.NotEmpty(indexed);
        Assert.All(indexed, column => Assert.DoesNotContain(
            $" {column} = @", update[..update.IndexOf("\nWHERE", StringComparison.Ordinal)]));
    }

    /// <summary>The tag of a due time is the command that set it.</summary>
    private static string Parameter(string column) => column switch
    {
        "service_id" => "@service",
        "due_tag" => "@command_id",
        _ => "@" + column,
    };

    private static (string[] Columns, string[] Values) Insert(string statement, string table)
    {
        var match = Regex.Match(statement, $@"^INSERT INTO {table} \((?<columns>.*?)\)\s(VALUES \(|SELECT )(?<values>.*?)(\)( ON CONFLICT|$)|\nWHERE)");
        Assert.True(match.Success, statement);
        return (match.Groups["columns"].Value.Split(", "), match.Groups["values"].Value.Split(", "));
    }

    private static async Task<IEnumerable<string>> SchemaOf(string table)
    {
        await using var connection = await Migrated();
        await using var command = connection.Command(
            $"SELECT name FROM pragma_table_info('{table}') WHERE name <> 'number'");
        return (await command.ReadAll(row => row.GetString(0))).Order();
    }

    private static async Task<SqliteConnection> Migrated()
    {
        var path = Path.Combine(Path.GetTempPath(), $"tokenactors-{Guid.NewGuid():N}.db");
        await StoreFactory.Migrate(
            new StorageOptions { ConnectionString = StoreFactory.SqliteFile(path) }, TimeProvider.System, dryRun: false);
        var connection = new SqliteConnection(StoreFactory.SqliteFile(path));
        await connection.OpenAsync();
        File.Delete(path);
        return connection;
    }

    [GeneratedRegex(@"\{\w[^}]*\}")]
    private static partial Regex Braces();
}
