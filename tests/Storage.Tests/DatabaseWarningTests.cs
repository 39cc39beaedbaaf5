using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Databases;
using TokenActors.Storage.SqlServer;

namespace TokenActors.Storage.Tests;

/// <summary>What a start asks a database for, and what it says where the answer is not as it should be.</summary>
public sealed class DatabaseWarningTests
{
    private const int Warned = 1007;

    private static readonly ServerFact Blocking = new("isolation", "READ_COMMITTED_SNAPSHOT OFF", "run ALTER DATABASE");

    /// <summary>As the server's statement answers: version, snapshot, collation, compatibility, name,
    /// read-only.</summary>
    [Theory]
    [InlineData("16.0.1", 1, 0, "")]
    [InlineData("16.0.1", 0, 0, "isolation")]
    [InlineData("14.0.1", 0, 1, "version isolation read-only")]
    public async Task Sql_server_is_asked_whether_readers_block_writers_and_what_else_is_wrong(
        string version, int isSnapshot, int isReadOnly, string problems)
    {
        using DataTable answer = new();
        object[] row = [version, isSnapshot, "Latin1_General_CI_AS", 160, "tokenactors", isReadOnly];
        foreach (var value in row)
        {
            answer.Columns.Add(new DataColumn { DataType = value.GetType() });
        }

        answer.Rows.Add(row);
        await using AnsweringConnection connection = new(answer);
        await using SqlServerDatabase database = new("Server=x");
        var warnings = await database.Warnings(connection);
        Assert.Equal(problems, string.Join(' ', warnings.Select(warning => warning.What)));
        Assert.Contains("is_read_committed_snapshot_on", Assert.Single(connection.Sent).Text);
    }

    /// <summary>A silo that migrates and one that finds the schema there ask alike.</summary>
    [Fact]
    public async Task Every_start_asks_and_says_what_is_wrong_and_what_to_run()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("tokenactors-warned-").FullName, "db");
        foreach (var prepare in new Func<Database, Task>[] { database => Migrator.Migrate(database, TimeProvider.System), Migrator.Check })
        {
            using LogBook log = new();
            await using (await StoreFactory.Open(
                new WarnedDatabase(file, [Blocking]), prepare, "s", TimeProvider.System, log))
            {
                var (level, text, _, _) = Assert.Single(log.Entries, entry => entry.Event == Warned);
                Assert.Equal(LogLevel.Warning, level);
                Assert.Equal("The database's isolation is READ_COMMITTED_SNAPSHOT OFF: run ALTER DATABASE", text);
            }

            using LogBook quiet = new();
            await using (await StoreFactory.Open(
                new WarnedDatabase(file, []), prepare, "s", TimeProvider.System, quiet))
            {
                Assert.DoesNotContain(quiet.Entries, entry => entry.Event == Warned);
            }
        }
    }

    /// <summary>Another's migration may take longer than any statement of a request.</summary>
    [Fact]
    public async Task Sql_servers_lock_of_migrations_is_waited_for_without_a_time_out()
    {
        using DataTable answer = new();
        await using AnsweringConnection connection = new(answer);
        await using SqlServerDatabase database = new("Server=x");
        await database.LockForMigration(connection);
        var (text, timeout) = Assert.Single(connection.Sent);
        Assert.Contains("sp_getapplock", text);
        Assert.Equal(0, timeout);
    }

    /// <summary>SQLite, of which something is not as it should be.</summary>
    private sealed class WarnedDatabase(string file, IReadOnlyList<ServerFact> warnings) : RowWiseDatabase(
        "sqlite", SqliteFactory.Instance.CreateDataSource(StoreFactory.SqliteFile(file)))
    {
        public override IReadOnlyList<string> HotStatements => [];

        public override Task<IReadOnlyList<ServerFact>> Warnings(DbConnection connection) => Task.FromResult(warnings);

        public override async Task LockForMigration(DbConnection connection)
        {
            await using var command = connection.Command("BEGIN EXCLUSIVE");
            await command.ExecuteNonQueryAsync();
        }

        public override bool IsTransient(DbException exception) => false;

        public override bool IsAboutData(DbException exception) => false;

        public override bool IsUniqueViolation(DbException exception) => false;

        public override bool IsMissingTable(DbException exception) => false;

        public override Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection) =>
            throw new NotSupportedException();

        public override bool IsScan(string line) => throw new NotSupportedException();

        public override Task<List<string>> Explain(DbConnection connection, string statement, string serviceId) =>
            throw new NotSupportedException();

        protected override bool IsOutage(DbException error) => true;
    }
}
