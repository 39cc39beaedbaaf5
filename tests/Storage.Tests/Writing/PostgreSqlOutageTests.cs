using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using TokenActors.Storage.Records;
using static TokenActors.Storage.Tests.Rows;

namespace TokenActors.Storage.Tests.Writing;

/// <summary>A PostgreSQL that answers and cannot be written, or that another holds.</summary>
public sealed class PostgreSqlOutageTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [PostgreSqlFact]
    public async Task A_store_is_not_writable_while_the_database_is_read_only_and_heals_without_a_request()
    {
        var database = PostgreSqlServer.NewDatabase();
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        using LogBook log = new();
        await using var store = await Open(database, log);
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t0"))));
        Assert.True(store.IsWritable);

        // As after a failover: the sessions of before stay read-only when new ones are not.
        await Run(database, $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await EndSessions(database);
        await Eventually.Holds(async () =>
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitUntilRefused(store));
            return !store.IsWritable;
        });
        await using (var writable = new NpgsqlConnection(database + ";Options=-c default_transaction_read_only=off"))
        {
            await writable.OpenAsync();
            await using var reset = new NpgsqlCommand(
                $"ALTER DATABASE {name} RESET default_transaction_read_only", writable);
            await reset.ExecuteNonQueryAsync();
        }

        await Eventually.Holds(() => store.IsWritable);
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("healed"))));
        Assert.Equal(["healed"], (await store.ReadMany("token", ["healed"])).Select(row => row.Key.Id));
        var faults = log.Entries.Where(entry => entry.Level == LogLevel.Error).ToList();
        Assert.InRange(faults.Count, 1, 2);
        Assert.All(faults, fault => Assert.NotNull(fault.Exception));
        Assert.Contains(log.Entries, entry => entry.Text.Contains("can be used again", StringComparison.Ordinal));
    }

    /// <summary>Readers and writers keep a session each, and are not all asked while the database is away.</summary>
    [PostgreSqlFact]
    public async Task Nothing_fails_once_the_store_is_writable_again()
    {
        var database = PostgreSqlServer.NewDatabase();
        using LogBook log = new();
        await using var store = await Open(database, log);
        await ReadAndWrite();
        await EndSessions(database);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitUntilRefused(store));
        await Eventually.Holds(() => store.IsWritable);
        await ReadAndWrite();
        Assert.True(store.IsWritable);
        Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);

        async Task ReadAndWrite()
        {
            foreach (var _ in Enumerable.Range(0, 20))
            {
                var writes = Enumerable.Range(0, 64).Select(_ => store.Commit(Create(Row($"r{Guid.NewGuid():N}")))).ToList();
                await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => store.Read(Key("t0"))));
                Assert.All(await Task.WhenAll(writes), outcome => Assert.Equal(CommitOutcome.Done, outcome));
            }
        }
    }

    [PostgreSqlFact]
    public async Task A_session_that_was_opened_while_the_database_was_read_only_is_closed_when_it_is_given_back()
    {
        var database = PostgreSqlServer.NewDatabase();
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        using LogBook log = new();
        await using var store = await Open(database, log);
        await Run(database, $"ALTER DATABASE {name} SET default_transaction_read_only = on");
        await EndSessions(database);
        await Eventually.Holds(async () =>
        {
            await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitUntilRefused(store));
            return !store.IsWritable;
        });

        await using var looking = new NpgsqlConnection(database + ";Pooling=false");
        await looking.OpenAsync();
        Task<Execution?> reading;
        int reader;
        await using (var locking = new NpgsqlConnection(
            database + ";Pooling=false;Options=-c default_transaction_read_only=off"))
        {
            await locking.OpenAsync();
            await using var transaction = await locking.BeginTransactionAsync();
            await using var locked = new NpgsqlCommand(
                "LOCK TABLE executions IN ACCESS EXCLUSIVE MODE", locking, transaction);
            await locked.ExecuteNonQueryAsync();
            reading = store.Executions.Find("o1", "e1");
            reader = await SessionThatWaits(looking);
            await Run(
                database + ";Options=-c default_transaction_read_only=off",
                $"ALTER DATABASE {name} RESET default_transaction_read_only");
            await Eventually.Holds(() => store.IsWritable);
        }

        Assert.Null(await reading);
        await using var living = new NpgsqlCommand(
            $"SELECT COUNT(*) FROM pg_stat_activity WHERE pid = {reader}", looking);
        await Eventually.Holds(
            async () => await living.ExecuteScalarAsync() is 0L, "the session ends, which would never write", Deadline);
    }

    [PostgreSqlFact]
    public async Task A_session_that_was_in_use_while_an_outage_ended_begins_no_other_when_it_fails()
    {
        var database = PostgreSqlServer.NewDatabase();
        using LogBook log = new();
        await using var store = await Open(database, log);
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t0"))));
        await using var looking = new NpgsqlConnection(database + ";Pooling=false");
        await looking.OpenAsync();
        await using var locking = new NpgsqlConnection(database + ";Pooling=false");
        await locking.OpenAsync();
        await using var transaction = await locking.BeginTransactionAsync();
        await using var locked = new NpgsqlCommand(
            "LOCK TABLE executions IN ACCESS EXCLUSIVE MODE", locking, transaction);
        await locked.ExecuteNonQueryAsync();
        var reading = store.Executions.Find("o1", "e1");
        var reader = await SessionThatWaits(looking);

        await using var ending = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            + $"AND pid NOT IN ({looking.ProcessID}, {locking.ProcessID}, {reader})",
            looking);
        await ending.ExecuteNonQueryAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => CommitUntilRefused(store));
        await Eventually.Holds(() => store.IsWritable);
        await using var last = new NpgsqlCommand($"SELECT pg_terminate_backend({reader})", looking);
        await last.ExecuteNonQueryAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => reading);
        Assert.True(store.IsWritable);
        Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
    }

    [PostgreSqlFact]
    public async Task Writes_and_reads_give_up_within_the_time_that_callers_have_while_another_locks_the_table()
    {
        var database = PostgreSqlServer.NewDatabase();
        using LogBook log = new();
        await using var store = await Open(database, log);
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("t0"))));
        await using (var locking = new NpgsqlConnection(database))
        {
            await locking.OpenAsync();
            await using var transaction = await locking.BeginTransactionAsync();
            await using var command = new NpgsqlCommand(
                "LOCK TABLE records IN ACCESS EXCLUSIVE MODE", locking, transaction);
            await command.ExecuteNonQueryAsync();
            var began = Stopwatch.GetTimestamp();
            var attempts = Enumerable.Range(1, 40).Select(async i =>
            {
                await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Commit(Create(Row($"t{i}"))));
                await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Commit(Create(Row($"t{i}"))));
            });
            await Task.WhenAll(attempts);
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
            began = Stopwatch.GetTimestamp();
            await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Read(Key("t0")));
            await Assert.ThrowsAsync<StorageUnavailableException>(
                () => store.FindByName(new RecordScope("token", "o1"), "t0"));
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7));
            Assert.False(store.IsWritable);
            Assert.Single(log.Entries, entry => entry.Level == LogLevel.Error);
        }

        await Eventually.Holds(() => store.IsWritable);
        Assert.Equal(CommitOutcome.Done, await store.Commit(Create(Row("after"))));
    }

    [PostgreSqlFact]
    public async Task A_check_of_a_good_database_finds_nothing_wrong_and_shows_plans_by_index()
    {
        using LogBook log = new();
        await using var store = await Open(PostgreSqlServer.NewDatabase(), log);
        var facts = await store.CheckDatabase(TimeProvider.System);
        Assert.All(facts, fact => Assert.True(fact.Problem is null, $"{fact}"));
        Assert.Equal(
            6,
            facts.Count(fact => fact.What.StartsWith("plan of ", StringComparison.Ordinal) && fact.Value.Length > 0));
        Assert.Equal(
            ["version", "isolation", "read-only", "collation", "rights", "clock"],
            facts.Take(6).Select(fact => fact.What));
    }

    [PostgreSqlFact]
    public Task A_check_names_a_table_on_which_the_login_lacks_a_right() =>
        CheckWithout("DELETE", "token_uses", isUnplanned: false);

    [PostgreSqlFact]
    public Task A_check_says_what_it_can_where_a_statement_is_not_planned() =>
        CheckWithout("UPDATE", "records", isUnplanned: true);

    [PostgreSqlFact]
    public async Task A_check_knows_every_table()
    {
        var database = PostgreSqlServer.NewDatabase();
        var login = $"poorest{Guid.NewGuid():N}";
        await using (await Open(database, new LogBook()))
        {
            await Run(database, $"CREATE ROLE {login} LOGIN; GRANT SELECT ON schema_versions TO {login}");
        }

        var poor = new NpgsqlConnectionStringBuilder(database) { Username = login }.ConnectionString;
        using LogBook log = new();
        await using var store = await StoreFactory.OpenMigrated(
            new StorageOptions { Provider = DatabaseProvider.PostgreSql, ConnectionString = poor }, "s", TimeProvider.System, log);
        var rights = Assert.Single(await store.CheckDatabase(TimeProvider.System), fact => fact.What == "rights");
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var tables = new NpgsqlCommand(
            "SELECT string_agg(relname::text, ', ' ORDER BY relname::text COLLATE \"C\") FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition",
            connection);
        Assert.Equal($"not all on {await tables.ExecuteScalarAsync()}", rights.Value);
    }

    private static async Task CheckWithout(string right, string table, bool isUnplanned)
    {
        var database = PostgreSqlServer.NewDatabase();
        var login = $"poor{Guid.NewGuid():N}";
        await using (await Open(database, new LogBook()))
        {
            await Run(database, $"CREATE ROLE {login} LOGIN; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {login}; REVOKE {right} ON {table} FROM {login}");
        }

        var poor = new NpgsqlConnectionStringBuilder(database) { Username = login }.ConnectionString;
        using LogBook log = new();
        await using var store = await StoreFactory.OpenMigrated(
            new StorageOptions { Provider = DatabaseProvider.PostgreSql, ConnectionString = poor }, "s", TimeProvider.System, log);
        var facts = await store.CheckDatabase(TimeProvider.System);
        var rights = Assert.Single(facts, fact => fact.What == "rights");
        Assert.Equal($"not all on {table}", rights.Value);
        Assert.StartsWith("GRANT ", rights.Problem, StringComparison.Ordinal);
        Assert.Equal(6, facts.Count(fact => fact.What.StartsWith("plan of ", StringComparison.Ordinal)));
        Assert.Equal(isUnplanned, facts.Any(fact => fact.What.StartsWith("plan of ", StringComparison.Ordinal) && fact.Problem == "the server refuses to plan it"));
        Assert.Single(facts, fact => fact.What == "clock");
    }

    /// <summary>
    /// Writes until a write is refused, so many at once that every writer has some: one that has written nothing
    /// before has no session to lose.
    /// </summary>
    private static async Task CommitUntilRefused(RecordStore store)
    {
        var since = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(since) < Deadline)
        {
            await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => store.Commit(Create(Row($"r{Guid.NewGuid():N}")))));
        }
    }

    private static Task<RecordStore> Open(string database, LogBook log) => StoreFactory.Open(
        new StorageOptions { Provider = DatabaseProvider.PostgreSql, ConnectionString = database }, "s", TimeProvider.System, log);

    /// <summary>The process of the session that waits for a lock, once there is one.</summary>
    private static async Task<int> SessionThatWaits(NpgsqlConnection looking)
    {
        await using var waiting = new NpgsqlCommand(
            "SELECT MAX(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", looking);
        object? found = null;
        await Eventually.Holds(async () => (found = await waiting.ExecuteScalarAsync()) is int, within: Deadline);
        return (int)found!;
    }

    /// <summary>Ends the sessions of before, so that the store's next ones are as the database is now.</summary>
    private static Task EndSessions(string database) => Run(
        database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

    private static async Task Run(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
