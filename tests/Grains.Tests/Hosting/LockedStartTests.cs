using Npgsql;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A single process on PostgreSQL starts while another holds a lock, as a backup or VACUUM FULL
/// does.</summary>
public sealed class LockedStartTests
{
    [PostgreSqlFact]
    public Task A_start_waits_for_the_leases_that_another_locks() => StartsAfter("silo_leases");

    [PostgreSqlFact]
    public Task A_start_waits_for_the_peppers_that_another_locks() => StartsAfter("peppers");

    /// <summary>The lock is let go once a statement that waited for it was given up, and the next one waits.</summary>
    private static async Task StartsAfter(string table)
    {
        SiloFixture silo = new() { PostgreSql = PostgreSqlServer.NewDatabase() };
        await silo.InitializeAsync();
        await silo.StopAsync();

        await using var locking = await Open(silo);
        await using var transaction = await locking.BeginTransactionAsync();
        await using NpgsqlCommand command = new($"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", locking);
        await command.ExecuteNonQueryAsync();
        var start = silo.StartAsync();
        await using (var looking = await Open(silo))
        {
            HashSet<string> waited = [];
            await Eventually.Holds(
                async () =>
                {
                    Assert.False(start.IsFaulted, $"the start waits: {start.Exception?.GetBaseException().Message}");
                    waited.Add(await WaitingSince(looking));
                    return waited.Count(since => since.Length > 0) > 1;
                },
                "it asks again");
        }

        await transaction.RollbackAsync();
        await start;
        await silo.DisposeAsync();
    }

    private static async Task<NpgsqlConnection> Open(SiloFixture silo)
    {
        NpgsqlConnection connection = new(silo.PostgreSql + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<string> WaitingSince(NpgsqlConnection connection)
    {
        await using NpgsqlCommand command = new(
            "SELECT coalesce(min(query_start)::text, '') FROM pg_stat_activity "
                + "WHERE wait_event_type = 'Lock' AND datname = current_database()",
            connection);
        return (string)(await command.ExecuteScalarAsync() ?? "");
    }
}
