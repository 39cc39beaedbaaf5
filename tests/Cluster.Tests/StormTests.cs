using Npgsql;
using TokenActors.Testing.Storms;

namespace TokenActors.Cluster.Tests;

/// <summary>Deliveries to endpoints while silos are killed and the database is restarted.</summary>
[Collection("cluster")]
public sealed class StormTests
{
    private const int Deliveries = 5_000;

    [ClusterFact]
    public async Task Endpoints_are_sent_all_that_happened_in_order_through_kills_and_a_restart_of_the_database()
    {
        await using var cluster = new TestCluster();
        foreach (var (key, value) in Storm.Settings)
        {
            cluster.SiloEnvironment[key] = value;
            cluster.GatewayEnvironment[key] = value;
        }

        await cluster.Start(silos: 2, gateways: 1);
        var storm = new Storm(
            () => cluster.Gateways[0].Url, cluster.Admin, cluster.OrganizationId, () => new NpgsqlConnection(cluster.Database));
        var (violations, figures) = await storm.Run(
            Storm.DeliveriesOr(Deliveries),
            [() => Kill(cluster, 0), () => RestartDatabase(cluster), () => Kill(cluster, 1), () => Kill(cluster, 0)]);
        Console.WriteLine($"STORM {figures}");
        Assert.True(violations.Count == 0, $"{figures}\n{string.Join('\n', violations.Take(20))}\n{cluster.Logs()}");
    }

    private static async Task Kill(TestCluster cluster, int silo)
    {
        cluster.Silos[silo].Kill();
        await Recovered(cluster);
    }

    private static async Task RestartDatabase(TestCluster cluster)
    {
        PostgreSqlServer.Restart();
        await Recovered(cluster);
    }

    private static Task Recovered(TestCluster cluster) => Task.WhenAll(cluster.Silos.Select(silo => silo.Recovered()));
}
