using System.Data.Common;
using System.Reflection;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;
using TokenActors.Storage.SqlServer;
using TokenActors.Storage.Writing;

namespace TokenActors.Storage.Tests;

/// <summary>What the dialect of SQL Server does without a server: settings of its driver, meanings of its errors, its
/// warnings.</summary>
public sealed class SqlServerRulesTests
{
    private static readonly SqlText Sql = new("sqlserver");

    [Fact]
    public async Task An_open_after_an_outage_is_tried_at_once_and_a_statement_ends_before_its_callers_give_up()
    {
        await using SqlServerDatabase database = new("Server=x");
        var tuned = new SqlConnectionStringBuilder(database.Source.ConnectionString);
        Assert.Equal((PoolBlockingPeriod.NeverBlock, 4), (tuned.PoolBlockingPeriod, tuned.CommandTimeout));
        await using SqlServerDatabase given = new("Server=x;Pool Blocking Period=AlwaysBlock;Command Timeout=9");
        tuned = new SqlConnectionStringBuilder(given.Source.ConnectionString);
        Assert.Equal((PoolBlockingPeriod.AlwaysBlock, 9), (tuned.PoolBlockingPeriod, tuned.CommandTimeout));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0, "ALTER DATABASE [a]]b] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE")]
    public void Readers_that_would_block_writers_are_warned_of_with_the_command_to_run(int isSnapshot, string? command)
    {
        var facts = SqlServerInspection.Facts("16.0.1000.6", isSnapshot, "Latin1_General_CI_AS", "a]b", isReadOnly: 0);
        var problem = facts.Single(fact => fact.What == "isolation").Problem;
        Assert.Equal(command is null, problem is null);
        Assert.Contains(command ?? "", problem ?? "");
        Assert.All(facts.Where(fact => fact.What != "isolation"), fact => Assert.Null(fact.Problem));
        Assert.Contains(
            SqlServerInspection.Facts("14.0.1", 1, "", "a", isReadOnly: 0),
            fact => fact is { What: "version", Problem: not null });
        Assert.Contains(
            SqlServerInspection.Facts("15.0.1", 1, "", "a", isReadOnly: 1),
            fact => fact is { What: "read-only", Problem: not null });
    }

    [Fact]
    public async Task A_read_that_is_a_deadlocks_victim_is_repeated_and_a_third_time_it_is_an_outage()
    {
        await using DeadlockedDatabase database = new();
        await using StoreHealth health = new(database, "s", NullLogger.Instance);
        Queries queries = new(database, "s", health);
        var reads = 0;
        Assert.Equal(3, await queries.Guarded(_ => ++reads < 3 ? throw new Deadlock() : Task.FromResult(reads)));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => queries.Guarded<int>(_ => throw new Deadlock()));
    }

    [Fact]
    public async Task A_write_that_is_repeated_is_logged_with_the_errors_number()
    {
        using LogBook log = new();
        await using DeadlockedDatabase database = new();
        await using StoreHealth health = new(database, "s", log);
        await using WriterConnection writer = new(database, health, log);
        var writes = 0;
        Assert.Equal(2, await writer.Retrying(_ => ++writes < 2 ? throw new Deadlock() : Task.FromResult(writes)));
        Assert.Contains("(1205)", Assert.Single(log.Entries, entry => entry.Level == LogLevel.Information).Text);
    }

    /// <summary>The same for every database: one writer and one reader repeat for all.</summary>
    [Fact]
    public async Task Before_a_repetition_passes_a_pause_that_differs_and_grows()
    {
        foreach (var attempt in new[] { 1, 4 })
        {
            var drawn = Enumerable.Range(0, 1_000).Select(_ => RetryPause.Draw(attempt)).ToList();
            Assert.All(
                drawn,
                pause => Assert.InRange(pause, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(20 * attempt)));
            Assert.InRange(drawn.Distinct().Count(), 15, 1_000);
            Assert.InRange(drawn.Average(pause => pause.TotalMilliseconds), 7 * attempt, 13 * attempt);
        }

        await using DeadlockedDatabase database = new();
        await using StoreHealth health = new(database, "s", NullLogger.Instance);
        await using WriterConnection writer = new(database, health, NullLogger.Instance);
        Queries queries = new(database, "s", health);
        await IsPaused(attempts => writer.Retrying<int>(_ => Undone(attempts)), WriterConnection.MostRetries);
        await IsPaused(attempts => queries.Guarded(_ => Undone(attempts)), most: 3);

        static Task<int> Undone(List<long> attempts)
        {
            attempts.Add(System.Diagnostics.Stopwatch.GetTimestamp());
            throw new Deadlock();
        }

        static async Task IsPaused(Func<List<long>, Task<int>> work, int most)
        {
            List<long> attempts = [];
            await Assert.ThrowsAsync<StorageUnavailableException>(() => work(attempts));
            Assert.InRange(attempts.Count, 2, most);
            Assert.All(
                attempts.Zip(attempts.Skip(1), System.Diagnostics.Stopwatch.GetElapsedTime),
                between => Assert.True(between > TimeSpan.FromMilliseconds(0.9), $"{between}"));
        }
    }

    [Theory]
    [InlineData(1205, true, true)]
    [InlineData(1222, true, true)]
    [InlineData(3906, false, true)]
    [InlineData(9002, false, true)]
    [InlineData(102, false, false)]
    public async Task Errors_mean_what_their_numbers_say(int number, bool isTransient, bool isOutage)
    {
        await using SqlServerDatabase database = new("Server=x");
        var error = ErrorOf(number);
        Assert.Equal(
            (isTransient, isOutage, $"{number}"), (database.IsTransient(error), database.IsOutage(error), database.CodeOf(error)));
    }

    [Fact]
    public void Another_migration_is_waited_for_as_long_as_it_takes_and_a_death_is_declared_by_the_leases_key()
    {
        Assert.Contains("@LockTimeout = -1", Sql["migration_lock"]);
        var cluster = SqlText.Migrations("sqlserver").Single(migration => migration.Number == 2).Text;
        Assert.Contains("PRIMARY KEY (cluster_id, silo, service_id)", cluster);
        Assert.Matches(@"silo_leases[^;]*WHERE cluster_id = @DeploymentId AND silo = ", cluster);
    }

    /// <summary>What the program asks a server for and sets on its driver is what the guide says.</summary>
    [Fact]
    public async Task The_guide_names_version_encryption_rights_isolation_and_backup()
    {
        var root = typeof(SqlServerRulesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value ?? "";
        var guide = await File.ReadAllTextAsync(Path.Combine(root, "docs", "operations.md"));
        var section = guide[guide.IndexOf("### SQL Server", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)].ReplaceLineEndings(" ");
        var old = SqlServerInspection.Facts("14.0.1", 0, "", "tokenactors", isReadOnly: 0);
        foreach (var (fact, words) in new[] { ("version", "2019 (15)"), ("isolation", "ALTER DATABASE [tokenactors] SET READ_COMMITTED_SNAPSHOT ON WITH ROLLBACK IMMEDIATE") })
        {
            Assert.Contains(words, old.Single(f => f.What == fact).Problem);
            Assert.Contains(words, section);
        }

        await using SqlServerDatabase database = new("Server=x");
        var tuned = new SqlConnectionStringBuilder(database.Source.ConnectionString);
        Assert.True(tuned.Encrypt == SqlConnectionEncryptOption.Mandatory);
        Assert.Contains("`Encrypt=true` is the driver's default", section);
        Assert.Contains(
            $"`Command Timeout={tuned.CommandTimeout}` and `Pool Blocking Period={tuned.PoolBlockingPeriod}` are set",
            section);
        Assert.Contains(
            "`SELECT, INSERT, UPDATE, DELETE` on the schema; for `--migrate` also `CREATE TABLE` and `ALTER`", section);
        Assert.Contains("Backup: full ones with a log chain", section);
        Assert.Contains("`BACKUP DATABASE`, `BACKUP LOG`", guide);
    }

    /// <summary>The driver makes its exceptions itself; there is no public way.</summary>
    private static SqlException ErrorOf(int number)
    {
        const BindingFlags Hidden = BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static;
        var errors = (SqlErrorCollection)(Activator.CreateInstance(typeof(SqlErrorCollection), nonPublic: true) ?? throw new InvalidOperationException());
        var constructor = typeof(SqlError).GetConstructors(Hidden).OrderBy(c => c.GetParameters().Length).First();
        var error = constructor.Invoke([.. constructor.GetParameters().Select(
            (parameter, i) => ValueOf(parameter.ParameterType, i == 0 ? number : 1))]);
        typeof(SqlErrorCollection).GetMethod("Add", Hidden)?.Invoke(errors, [error]);
        var create = typeof(SqlException).GetMethods(Hidden)
            .First(method => method.Name == "CreateException" && method.GetParameters().Length == 2);
        return (SqlException)(create.Invoke(null, [errors, "16.0"]) ?? throw new InvalidOperationException());
    }

    private static object? ValueOf(Type type, int number) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => number,
        TypeCode.UInt32 => (uint)number,
        TypeCode.Byte => (byte)number,
        TypeCode.String => "x",
        _ => null,
    };

    private sealed class Deadlock() : DbException("a deadlock");

    /// <summary>Opens sessions of SQLite, and takes an error for a deadlock.</summary>
    private sealed class DeadlockedDatabase() : RowWiseDatabase(
        "sqlite", Microsoft.Data.Sqlite.SqliteFactory.Instance.CreateDataSource("Data Source=:memory:"))
    {
        public override IReadOnlyList<string> HotStatements => [];

        public override bool IsTransient(DbException exception) => exception is Deadlock;

        public override bool IsAboutData(DbException exception) => false;

        public override bool IsUniqueViolation(DbException exception) => false;

        public override bool IsMissingTable(DbException exception) => false;

        public override string CodeOf(DbException error) => "1205";

        public override Task LockForMigration(DbConnection connection) => throw new NotSupportedException();

        public override Task<IReadOnlyList<ServerFact>> Inspect(DbConnection connection) =>
            throw new NotSupportedException();

        public override bool IsScan(string line) => throw new NotSupportedException();

        public override Task<List<string>> Explain(DbConnection connection, string statement, string serviceId) =>
            throw new NotSupportedException();

        protected override bool IsOutage(DbException error) => true;
    }
}
