using System.Diagnostics;

namespace TokenActors.Cluster.Tests;

/// <summary>
/// Silos in network namespaces of their own that cannot reach each other while all reach the database and the gateways
/// reach all of them: the case where a silo that was declared dead runs on and is asked. Needs root and the right to
/// make namespaces.
/// </summary>
[Collection("cluster")]
public sealed class PartitionTests
{
    [PartitionFact]
    public async Task Silos_that_cannot_reach_each_other_never_contradict_what_clients_were_told()
    {
        using var network = new Network(silos: 3);
        await using var cluster = new TestCluster(Network.Database()) { SiloHosts = network.Hosts };
        await cluster.Start(silos: 3, gateways: 2);
        var book = new TokenBook();
        var workload = new Workload(
            [.. cluster.Gateways.Select(g => g.Url)], cluster.Admin, cluster.OrganizationId, book, seed: 11);
        using var stop = new CancellationTokenSource();
        var clients = workload.Run(changers: 4, lookers: 4, stop.Token);
        for (var victim = 0; victim < 3; victim++)
        {
            await Eventually.Holds(() => book.Looks > 200 * (victim + 1), "load runs");
            network.CutOff(victim);
            await Restarted(cluster, TimeSpan.FromSeconds(12));
            network.Heal(victim);
            await Restarted(cluster, TimeSpan.FromSeconds(2));
            await Task.WhenAll(cluster.Silos.Select(silo => silo.Recovered()));
            Assert.True(book.Violations.Count == 0, $"{string.Join('\n', book.Violations.Take(20))}\n{cluster.Logs()}");
        }

        await stop.CancelAsync();
        await clients;
        await workload.LookAtAll();
        Console.WriteLine(
            $"CLUSTER partitions: {book.Operations} operations, {book.Looks} introspections, {book.Repeats} repeated calls, 3 silos cut off, {book.Violations.Count} violations");
        Assert.True(book.Violations.Count == 0, $"{string.Join('\n', book.Violations.Take(20))}\n{cluster.Logs()}");
    }

    /// <summary>For so long, silos that ended are started again, as an orchestrator does.</summary>
    private static async Task Restarted(TestCluster cluster, TimeSpan during)
    {
        var since = Stopwatch.GetTimestamp();
        await Eventually.Holds(
            () =>
            {
                foreach (var silo in cluster.Silos.Where(s => !s.IsRunning))
                {
                    silo.Start();
                }

                return Task.FromResult(Stopwatch.GetElapsedTime(since) > during);
            },
            "the partition lasts",
            during + TimeSpan.FromSeconds(30));
    }
}
