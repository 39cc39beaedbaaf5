using System.Net;
using System.Net.Http.Headers;

namespace TokenActors.Cluster.Tests;

/// <summary>The programs of an earlier release beside those of this build, on one database.</summary>
[Collection("cluster")]
public sealed class UpgradeTests
{
    /// <summary>What is asked of a new token, and what it then shows.</summary>
    private static readonly (string Body, string Shown)[] Restrictions =
    [
        ("""{"permission_set":"viewer","addresses":["10.0.0.0/8"]}""", "\"addresses\":[\"10.0.0.0/8\"]"),
        ("""{"permission_set":"viewer","uses":3}""", "\"uses_left\":3"),
        ("""{"permission_set":"viewer","belongs_to":"organization"}""", "\"belongs_to\":\"organization\""),
    ];

    /// <summary>
    /// In the order that the guide for operators tells: migrations, silos, gateways. Clients go on meanwhile, through
    /// gateways of both releases.
    /// </summary>
    [EarlierReleaseFact]
    public async Task A_rolling_upgrade_loses_nothing_and_restricts_nothing_that_the_earlier_release_would_lose()
    {
        await using var cluster = new TestCluster { Release = Build.Earlier };
        await cluster.Start(silos: 2, gateways: 0);
        cluster.Release = null;
        cluster.AddSilo();
        cluster.AddSilo();
        var gateway = cluster.AddGateway();
        cluster.Release = Build.Earlier;
        var earlier = cluster.AddGateway();
        earlier.Start();
        await earlier.Ready();

        var book = new TokenBook();
        var workload = new Workload([gateway.Url, earlier.Url], cluster.Admin, cluster.OrganizationId, book, seed: 11);
        using var stop = new CancellationTokenSource();
        var clients = workload.Run(changers: 3, lookers: 3, stop.Token);
        await Goes(book);

        cluster.Release = null;
        var (code, output) = await cluster.Operate("--migrate");
        Assert.True(code == 0, output);
        await Goes(book);
        cluster.Silos[2].Start();
        await cluster.Silos[2].Ready();
        gateway.Start();
        await gateway.Ready();
        await Goes(book);

        using var http = new HttpClient { BaseAddress = new Uri(gateway.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cluster.Admin);
        var refused = 0;
        foreach (var restriction in Restrictions)
        {
            var (status, answer) = await NewToken(http, restriction.Body);
            Assert.True(
                status == HttpStatusCode.Conflict || (status == HttpStatusCode.Created
                    && answer.Contains(restriction.Shown, StringComparison.Ordinal)),
                $"{restriction} is answered {(int)status} {answer}\n{cluster.Logs()}");
            refused += status == HttpStatusCode.Conflict ? 1 : 0;
        }

        Console.WriteLine(
            $"CLUSTER {refused} of {Restrictions.Length} restrictions are refused beside the earlier release");
        await Goes(book);
        await cluster.Silos[0].Terminate();
        cluster.Silos[3].Start();
        await cluster.Silos[3].Ready();
        await cluster.Silos[1].Terminate();
        await Goes(book);
        await earlier.Terminate();
        await Goes(book);
        foreach (var restriction in Restrictions)
        {
            await Eventually.Holds(
                async () => (await NewToken(http, restriction.Body)).Status == HttpStatusCode.Created, $"{restriction} once no silo is of the earlier release");
        }

        if (refused > 0)
        {
            cluster.Silos[0].Start();
            await cluster.Silos[0].Exited(TimeSpan.FromSeconds(40));
            Assert.True(cluster.Silos[0].Says("demands a program of schema"), cluster.Silos[0].Tail());
        }

        await stop.CancelAsync();
        await clients;
        await new Workload([gateway.Url], cluster.Admin, cluster.OrganizationId, book, seed: 11).LookAtAll();
        Console.WriteLine($"CLUSTER upgrade: {book.Operations} operations, {book.Looks} introspections, {book.Repeats} repeated calls, {book.Violations.Count} violations");
        Assert.True(book.Violations.Count == 0, $"{string.Join('\n', book.Violations.Take(20))}\n{cluster.Logs()}");
    }

    private static Task Goes(TokenBook book)
    {
        var (looks, operations) = (book.Looks, book.Operations);
        return Eventually.Holds(
            () => book.Violations.Count > 0 || (book.Looks > looks + 200 && book.Operations > operations + 50),
            $"clients go on after {looks} introspections and {operations} operations");
    }

    /// <summary>Asked again where the cluster is not there for a moment.</summary>
    private static async Task<(HttpStatusCode Status, string Body)> NewToken(HttpClient http, string body)
    {
        (HttpStatusCode, string) answer = default;
        await Eventually.Holds(
            async () =>
            {
                using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
                using var response = await http.PostAsync("/lifecycle/v1/tokens", content);
                answer = (response.StatusCode, await response.Content.ReadAsStringAsync());
                return response.StatusCode != HttpStatusCode.ServiceUnavailable;
            },
            () => $"{body} is answered: {answer}");
        return answer;
    }
}
