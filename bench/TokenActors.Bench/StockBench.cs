using Npgsql;
using TokenActors.Storage;
using TokenActors.Testing;

namespace TokenActors.Bench;

/// <summary>A grain that keeps a text in the stock ADO.NET storage.</summary>
[Alias("TokenActors.Bench.IStockGrain")]
public interface IStockGrain : IGrainWithStringKey
{
    /// <summary>Keeps it durably.</summary>
    [Alias("Write")]
    Task Write(string text);
}

[GenerateSerializer]
[Alias("TokenActors.Bench.StockState")]
public sealed class StockState
{
    [Id(0)]
    public string Text { get; set; } = "";
}

public sealed class StockGrain([PersistentState("state", "stock")] IPersistentState<StockState> state) : Grain, IStockGrain
{
    public Task Write(string text)
    {
        state.State.Text = text;
        return state.WriteStateAsync();
    }
}

/// <summary>
/// Grain writes through <c>Microsoft.Orleans.Persistence.AdoNet</c> on the same server: a text as large as a token's state, without audit or lists.
/// Table and statements are ours, plainer than those that come with Orleans, and what the provider asks for.
/// </summary>
internal static class StockBench
{
    private const int Callers = GrainBench.Callers;

    private const string Schema =
        """
        CREATE TABLE orleansquery (querykey text PRIMARY KEY, querytext text NOT NULL);
        CREATE TABLE orleansstorage (
            grainidhash integer NOT NULL, grainidn0 bigint NOT NULL, grainidn1 bigint NOT NULL, graintypehash integer NOT NULL,
            graintypestring text NOT NULL, grainidextensionstring text NOT NULL, serviceid text NOT NULL, payloadbinary bytea, version integer NOT NULL,
            PRIMARY KEY (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid));
        INSERT INTO orleansquery VALUES
        ('ReadFromStorageKey', 'SELECT payloadbinary AS "PayloadBinary", version AS "Version" FROM orleansstorage WHERE grainidhash = @GrainIdHash
            AND graintypehash = @GrainTypeHash AND grainidn0 = @GrainIdN0 AND grainidn1 = @GrainIdN1 AND graintypestring = @GrainTypeString
            AND grainidextensionstring = COALESCE(@GrainIdExtensionString, '''') AND serviceid = @ServiceId'),
        ('WriteToStorageKey', 'INSERT INTO orleansstorage AS s VALUES (@GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString,
            COALESCE(@GrainIdExtensionString, ''''), @ServiceId, @PayloadBinary, 1)
            ON CONFLICT (grainidhash, graintypehash, grainidn0, grainidn1, graintypestring, grainidextensionstring, serviceid)
            DO UPDATE SET payloadbinary = excluded.payloadbinary, version = s.version + 1 WHERE s.version = @GrainStateVersion
            RETURNING version AS "NewGrainStateVersion"'),
        ('ClearStorageKey', 'DELETE FROM orleansstorage WHERE grainidhash = @GrainIdHash AND version = @GrainStateVersion
            RETURNING version + 1 AS "NewGrainStateVersion"'),
        ('DeleteStorageKey', 'DELETE FROM orleansstorage WHERE grainidhash = @GrainIdHash AND version = @GrainStateVersion
            RETURNING version + 1 AS "NewGrainStateVersion"');
        """;

    public static async Task Run(Report report, TimeSpan duration)
    {
        double refreshes;
        await using (var ours = await BenchSilo.Start(DatabaseProvider.PostgreSql, PostgreSqlServer.NewDatabase()))
        {
            refreshes = await GrainBench.Refreshes(ours, Callers, duration);
        }

        report.AtLeast("durable refreshes a second, grain level, PostgreSQL", refreshes, "stock ADO.NET storage, writes", await StockWrites(duration), 5);
    }

    private static async Task<double> StockWrites(TimeSpan duration)
    {
        var database = PostgreSqlServer.NewDatabase();
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var create = new NpgsqlCommand(Schema, connection);
            await create.ExecuteNonQueryAsync();
        }

        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo.UseLocalhostClustering().AddAdoNetGrainStorage("stock", options =>
        {
            options.Invariant = "Npgsql";
            options.ConnectionString = database;
        }));
        using var host = builder.Build();
        await host.StartAsync();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var text = new string('x', 1_900);
        async Task<long> Loop(int i, Func<bool> running)
        {
            long count = 0;
            for (var grain = grains.GetGrain<IStockGrain>($"g{i}"); running(); count++)
            {
                await grain.Write(text);
            }

            return count;
        }

        await Load.PerSecond(Callers, TimeSpan.FromSeconds(6), Loop);
        var rate = await Load.PerSecond(Callers, duration, Loop);
        await host.StopAsync();
        return rate;
    }
}
