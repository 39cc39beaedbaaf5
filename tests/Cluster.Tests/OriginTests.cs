namespace TokenActors.Cluster.Tests;

/// <summary>Programs that do not belong together, and say so.</summary>
public sealed class OriginTests
{
    [ClusterFact]
    public async Task A_gateway_of_another_cluster_id_says_in_its_log_and_its_readiness_that_the_ids_differ()
    {
        await using var cluster = await new TestCluster().Start(silos: 1, gateways: 0);
        cluster.SiloEnvironment["TokenActors__Cluster__ClusterId"] = "another";
        var gateway = cluster.AddGateway();
        gateway.Start();
        const string Reason = "the silos are of cluster 'tokenactors/c1' and this gateway of 'tokenactors/another'";
        await Eventually.Holds(
            () => gateway.Says(Reason), "the log says that the ids differ", TimeSpan.FromSeconds(60));
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"{gateway.Url}/health/ready");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains(Reason, await answer.Content.ReadAsStringAsync());
    }
}
