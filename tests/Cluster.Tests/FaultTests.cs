using System.Globalization;

namespace TokenActors.Cluster.Tests;

/// <summary>Mixed load while silos are killed, paused, restarted, and the database is restarted: what clients were told
/// must hold.</summary>
[Collection("cluster")]
public sealed class FaultTests
{
    private const int Changers = 6;
    private const int Lookers = 4;

    /// <summary>How many faults; more by <c>TOKENACTORS_CLUSTER_FAULTS</c>.</summary>
    private static int Faults =>
        int.Parse(
            Environment.GetEnvironmentVariable("TOKENACTORS_CLUSTER_FAULTS") ?? "7", CultureInfo.InvariantCulture);

    private static int Seed { get; } =
        int.Parse(
            Environment.GetEnvironmentVariable("TOKENACTORS_SEED") ?? $"{Random.Shared.Next(1, 1_000_000)}",
            CultureInfo.InvariantCulture);

    [ClusterFact]
    public async Task What_clients_were_told_holds_through_kills_pauses_and_restarts()
    {
        await using var cluster = await new TestCluster().Start(silos: 3, gateways: 2);
        var book = new TokenBook();
        var workload = new Workload(
            [.. cluster.Gateways.Select(g => g.Url)], cluster.Admin, cluster.OrganizationId, book, Seed);
        using var stop = new CancellationTokenSource();
        var clients = workload.Run(Changers, Lookers, stop.Token);
        var random = new Random(Seed);
        List<string> faults = [];
        await Eventually.Holds(() => book.Operations > 20 && book.Looks > 20, "clients are at work");
        for (var i = 0; i < Faults; i++)
        {
            faults.Add(await Fault(cluster, random, i));

            // A busy machine may lose a silo that nobody touched.
            await Task.WhenAll(cluster.Silos.Select(silo => silo.Recovered()));
            Assert.True(book.Violations.Count == 0, $"seed {Seed}, after {string.Join(", ", faults)}:\n{string.Join('\n', book.Violations.Take(20))}\n{cluster.Logs()}");
        }

        await stop.CancelAsync();
        await clients;
        await workload.LookAtAll();
        Console.WriteLine(
            $"CLUSTER seed {Seed}: {book.Tokens.Count()} tokens, {book.Operations} operations, {book.Looks} introspections, {book.Repeats} repeated calls, "
            + $"{faults.Count} faults ({string.Join(", ", faults.GroupBy(f => f).Select(g => $"{g.Count()} {g.Key}"))}), {book.Violations.Count} violations");
        Assert.True(
            book.Violations.Count == 0,
            $"seed {Seed}:\n{string.Join('\n', book.Violations.Take(20))}\n{cluster.Logs()}");
        Assert.True(
            book.Operations > 100 && book.Looks > 100, $"too little was tried: {book.Operations}, {book.Looks}");
    }

    /// <summary>The first of each kind in turn, so that a short run has them all; then any.</summary>
    private static async Task<string> Fault(TestCluster cluster, Random random, int number)
    {
        var silo = cluster.Silos[random.Next(cluster.Silos.Count)];
        switch (number < 6 ? number : random.Next(6))
        {
            case 0 or 3 or 5:
                silo.Kill();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 6000)));
                silo.Start();
                return "kill -9";
            case 1:
                silo.Pause();
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 9000)));
                silo.Continue();
                return "pause";
            case 2:
                await silo.Terminate();
                silo.Start();
                return "restart";
            default:
                PostgreSqlServer.Restart();
                return "database restart";
        }
    }
}

[CollectionDefinition("cluster", DisableParallelization = true)]
public sealed class ClusterCollection;
