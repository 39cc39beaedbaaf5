using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Cluster.Tests;

/// <summary>The MCP server of gateways that have no silo in them.</summary>
[Collection("cluster")]
public sealed class McpTests
{
    private const string Issuer = "https://tokens.example.com";

    [ClusterFact]
    public async Task A_token_made_at_one_gateway_calls_tools_at_another_until_it_is_revoked()
    {
        var cluster = new TestCluster();
        cluster.GatewayEnvironment["TokenActors__Issuer"] = Issuer;
        await using var running = await cluster.Start(silos: 1, gateways: 2);
        using var http = new HttpClient();
        var (one, other) = (cluster.Gateways[0].Url, cluster.Gateways[1].Url);
        async Task<(HttpStatusCode Status, string Body)> Post(string url, string bearer, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            request.Headers.Accept.ParseAdd("application/json, text/event-stream");
            using var answer = await http.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        Task<(HttpStatusCode Status, string Body)> Call(string bearer, string tool, string arguments) => Post(
            other + "/mcp", bearer,
            $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""");

        var made = await Post(one + "/lifecycle/v1/tokens", cluster.Admin, """{"kind":"mcp","permission_set":"viewer","name":"assistant"}""");
        Assert.True(made.Status == HttpStatusCode.Created, $"{made.Body}\n{cluster.Logs()}");
        var token = JsonNode.Parse(made.Body)!;
        var secret = (string)token["secrets"]!["access"]!;
        Assert.Equal($"{Issuer}/mcp", (string?)token["claims"]!["resource"]);
        var found = await Call(secret, "token_search", """{"filter":["name[eq]assistant"]}""");
        Assert.True(found.Status == HttpStatusCode.OK, $"{found.Body}\n{cluster.Logs()}");
        Assert.Contains((string)token["id"]!, found.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, found.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await Call(secret, "token_disable", $$"""{"id":"{{token["id"]}}"}""")).Status);
        var elsewhere = await Post(one + "/lifecycle/v1/tokens", cluster.Admin, """{"kind":"mcp","permission_set":"viewer","resource":"https://mcp.example.com/"}""");
        var foreign = (string)JsonNode.Parse(elsewhere.Body)!["secrets"]!["access"]!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await Call(foreign, "token_search", "{}")).Status);
        await Post($"{one}/lifecycle/v1/tokens/{token["id"]}/disable", cluster.Admin, "{}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await Call(secret, "token_search", "{}")).Status);
    }
}
