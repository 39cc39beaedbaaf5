using Npgsql;
using TokenActors.Storage.Leases;

namespace TokenActors.Storage.Tests.Leases;

/// <summary>A dump that is restored beside the original.</summary>
public sealed class DatabaseOriginTests
{
    private const string Silo = "127.0.0.1:11111@1";

    [PostgreSqlFact]
    public async Task Members_and_leases_of_the_original_are_forgotten_in_a_copy_and_kept_in_the_original()
    {
        var original = PostgreSqlServer.NewDatabase();
        using LogBook log = new();
        await using (var store = await Open(original, log))
        {
            using var leases = store.Leases("c1");
            Assert.Equal(DatabaseOrigin.Own, await leases.Adopt());
            await Run(original, $"""
                INSERT INTO cluster_versions VALUES ('c1', 7);
                INSERT INTO cluster_silos VALUES ('c1', '127.0.0.1', 11111, 1, 's', 'h', 3, 30000, NULL, now(), now());
                """);
            Assert.Null(await leases.Claim(Silo, TimeSpan.FromSeconds(1)));
            Assert.Equal(DatabaseOrigin.Own, await leases.Adopt());
        }

        NpgsqlConnection.ClearAllPools();
        var copy = Copy(original);
        await using (var store = await Open(copy, log))
        {
            using var leases = store.Leases("c1");
            Assert.Equal(DatabaseOrigin.Copy, await leases.Adopt(dryRun: true));
            Assert.Equal(1L, await Count(copy, "cluster_silos"));
            Assert.Equal(DatabaseOrigin.Copy, await leases.Adopt());
            Assert.Equal((0L, 0L), (await Count(copy, "cluster_silos"), await Count(copy, "silo_leases")));
            Assert.Equal(DatabaseOrigin.Own, await leases.Adopt());
            Assert.Null(await leases.Claim("127.0.0.1:11112@2", TimeSpan.FromSeconds(1)));
        }

        await using (var store = await Open(original, log))
        {
            using var leases = store.Leases("c1");
            Assert.Equal(DatabaseOrigin.Own, await leases.Adopt());
            Assert.Equal((1L, 1L), (await Count(original, "cluster_silos"), await Count(original, "silo_leases")));
        }
    }

    [PostgreSqlFact]
    public async Task A_copy_in_which_a_silo_renews_its_lease_is_not_taken()
    {
        var database = PostgreSqlServer.NewDatabase();
        using LogBook log = new();
        await using var store = await Open(database, log);
        using var leases = store.Leases("c1");
        await leases.Adopt();
        Assert.Null(await leases.Claim(Silo, TimeSpan.FromMinutes(1)));
        await Run(database, "UPDATE services SET database_identity = 'another'");
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => leases.Adopt());
        Assert.Contains(Silo, problem.Message);
        Assert.Equal(1L, await Count(database, "silo_leases"));
    }

    [PostgreSqlFact]
    public async Task A_database_of_before_keeps_its_members_while_a_silo_lives()
    {
        var database = PostgreSqlServer.NewDatabase();
        using LogBook log = new();
        await using var store = await Open(database, log);
        using var leases = store.Leases("c1");
        Assert.Null(await leases.Claim(Silo, TimeSpan.FromMinutes(1)));
        Assert.Equal(DatabaseOrigin.Own, await leases.Adopt());
        Assert.Equal([Silo], await leases.Live());
    }

    private static string Copy(string database)
    {
        var original = new NpgsqlConnectionStringBuilder(database);
        var name = "c" + original.Database;
        using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ToString());
        connection.Open();
        using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {original.Database}", connection);
        create.ExecuteNonQuery();
        return new NpgsqlConnectionStringBuilder(database) { Database = name }.ToString();
    }

    private static Task<RecordStore> Open(string database, LogBook log) => StoreFactory.Open(
        new StorageOptions { Provider = DatabaseProvider.PostgreSql, ConnectionString = database }, "s", TimeProvider.System, log);

    private static async Task Run(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> Count(string database, string table)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT COUNT(*) FROM {table}", connection);
        return await command.ExecuteScalarAsync() is long count ? count : -1;
    }
}
