using System.Net;
using System.Net.Http.Headers;

namespace TokenActors.Cluster.Tests;

/// <summary>A cluster whose silos and clients know each other by certificates of one authority.</summary>
[Collection("cluster")]
public sealed class TlsTests
{
    private const string Tls = "TokenActors__Cluster__Tls__";

    [ClusterFact]
    public async Task Silos_and_clients_without_a_certificate_of_the_authority_stay_out_and_both_sides_say_why()
    {
        await using var cluster = new TestCluster();
        using var ours = new TestAuthority(cluster.InFolder("tls"), "ours");
        using var theirs = new TestAuthority(cluster.InFolder("tls"), "theirs");
        Show(cluster.SiloEnvironment, ours.IssueFiles("silo"), ours);
        Show(cluster.GatewayEnvironment, ours.IssueFiles("gateway"), ours);
        await cluster.Start(silos: 2, gateways: 1);
        var (good, gateway) = (cluster.Silos.ToArray(), cluster.Gateways[0]);

        using var stop = new CancellationTokenSource();
        var answers = Ask(gateway.Url, cluster.Admin, stop.Token);
        var operated = await cluster.Operate("disable-organization", "root", "--dry-run");
        Assert.True(operated.Code == 0, operated.Output);

        Show(cluster.SiloEnvironment, theirs.IssueFiles("stranger"), theirs);
        var stranger = cluster.AddSilo();

        // It believes our silos, so that it is they who refuse. Who of two ends a handshake first that both refuse is
        // a race, and the other side may not have seen a certificate by then.
        Show(cluster.SiloEnvironment, theirs.IssueFiles("impostor"), ours);
        var both = cluster.InFolder("both.pem");
        await File.WriteAllTextAsync(
            both, $"{await File.ReadAllTextAsync(ours.File)}\n{await File.ReadAllTextAsync(theirs.File)}");
        cluster.SiloEnvironment[Tls + "Authority"] = both;
        var impostor = cluster.AddSilo();
        Hide(cluster.SiloEnvironment);
        Hide(cluster.GatewayEnvironment);
        var plain = cluster.AddSilo();
        var plainClient = cluster.AddGateway();
        foreach (var node in new[] { stranger, impostor, plain, plainClient })
        {
            node.Start();
        }

        await Said(
            stranger, "A connection to 127.0.0.1:", "was not issued by the authority: CN=silo, issued by CN=ours");
        await Said(impostor, "A connection to 127.0.0.1:", "as one does that", "refuses this side's certificate");
        await Said(plain, "A connection to 127.0.0.1:", "demands TLS, which is not set here");
        await Said(plainClient, "A connection to 127.0.0.1:", "demands TLS, which is not set here");
        foreach (var silo in good)
        {
            await Said(silo, "A connection from 127.0.0.1:", "was not issued by the authority", "issued by CN=theirs");
            await Said(silo, "A connection from 127.0.0.1:", "does not speak TLS");
        }

        // They try every second, and it is said once a minute.
        Assert.All(good, silo => Assert.InRange(
            File.ReadLines(silo.LogFile).Count(line => line.Contains("does not speak TLS")), 1, 2));
        foreach (var node in new[] { stranger, impostor, plain, plainClient })
        {
            Assert.NotEqual(200, await node.Health("ready"));
        }

        await stop.CancelAsync();
        var statuses = (await answers).GroupBy(status => status).ToDictionary(
            group => group.Key, group => group.Count());
        Assert.All(statuses.Keys, status => Assert.True(
            status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{status}\n{cluster.Logs()}"));
        Assert.True(statuses[HttpStatusCode.OK] > 20, "the cluster served meanwhile");
        var counts = string.Join(", ", statuses.Select(s => $"{s.Value} {s.Key}"));
        Console.WriteLine($"CLUSTER with TLS: {counts} while three silos and a client were refused");
    }

    private static void Show(IDictionary<string, string> environment, CertificateFiles files, TestAuthority authority)
    {
        environment[Tls + "Certificate"] = files.Certificate;
        environment[Tls + "Key"] = files.Key;
        environment[Tls + "Authority"] = authority.File;
    }

    private static void Hide(IDictionary<string, string> environment)
    {
        foreach (var key in environment.Keys.Where(key => key.StartsWith(Tls, StringComparison.Ordinal)).ToList())
        {
            environment.Remove(key);
        }
    }

    private static Task Said(Node node, params string[] parts) =>
        Eventually.Holds(() => node.Says(parts), $"{node.Name} says {string.Join(" ... ", parts)}");

    /// <summary>Asks until it is stopped, one request after the other.</summary>
    private static Task<List<HttpStatusCode>> Ask(string url, string bearer, CancellationToken stop) => Task.Run(
        async () =>
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            List<HttpStatusCode> statuses = [];
            while (!stop.IsCancellationRequested)
            {
                using var answer = await http.GetAsync($"{url}/v1/organization", CancellationToken.None);
                statuses.Add(answer.StatusCode);
            }

            return statuses;
        },
        CancellationToken.None);
}
