using System.Net;
using System.Text.RegularExpressions;

namespace TokenActors.Cluster.Tests;

/// <summary>The console of two gateways behind one address: each request may reach either.</summary>
[Collection("cluster")]
public sealed partial class ConsoleTests
{
    [ClusterFact]
    public async Task A_session_goes_on_with_the_other_gateway_and_when_one_is_killed_and_comes_back()
    {
        await using var cluster = await new TestCluster().Start(silos: 1, gateways: 2);
        var (one, other) = (cluster.Gateways[0], cluster.Gateways[1]);
        using SocketsHttpHandler handler = new() { CookieContainer = new CookieContainer(), AllowAutoRedirect = false };
        using HttpClient browser = new(handler);

        // Cookies know hosts and no ports: to the browser both are one.
        async Task<(HttpStatusCode Status, string Page)> Get(Node gateway, string path)
        {
            using var answer = await browser.GetAsync(new Uri(gateway.Url + path));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        async Task<HttpStatusCode> Send(
            Node gateway, string path, string page, params (string Name, string Value)[] typed)
        {
            var hidden = Hidden().Matches(page).Select(field => KeyValuePair.Create(
                field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)))
                .DistinctBy(field => field.Key);
            using FormUrlEncodedContent form = new([.. hidden, .. typed.Select(field => KeyValuePair.Create(field.Name, field.Value))]);
            using var answer = await browser.PostAsync(new Uri(gateway.Url + path), form);
            return answer.StatusCode;
        }

        async Task SeesTokens(Node gateway)
        {
            var (status, page) = await Get(gateway, "/console/tokens");
            Assert.True(status == HttpStatusCode.OK, $"{status} {page}\n{cluster.Logs()}");
            Assert.Contains("Default token of the organization", page, StringComparison.Ordinal);
        }

        // The form of one is sent to the other.
        var (_, form) = await Get(one, "/console/sign-in");
        var signedIn = await Send(
            other, "/console/sign-in", form, ("organization", "root"), ("name", "administrator"), ("password", (string?)cluster.Bootstrap["member_secret"] ?? ""));
        Assert.True(signedIn == HttpStatusCode.SeeOther, $"{signedIn}\n{cluster.Logs()}");
        await SeesTokens(one);
        await SeesTokens(other);

        var (_, account) = await Get(one, "/console/accounts/new");
        one.Kill();
        await SeesTokens(other);
        var made = await Send(other, "/console/accounts/new", account, ("name", "acme"));
        Assert.True(made == HttpStatusCode.SeeOther, $"{made}\n{cluster.Logs()}");
        one.Start();
        await one.Ready();
        await SeesTokens(one);
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""")]
    private static partial Regex Hidden();
}
