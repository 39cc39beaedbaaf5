using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Cluster.Tests;

/// <summary>What was changed through one gateway holds at the next call through another, on every silo.</summary>
[Collection("cluster")]
public sealed class ResourceTests
{
    private const string Password = "correct horse battery";

    [ClusterFact]
    public async Task Deleted_accounts_and_disabled_members_and_narrowed_roles_are_refused_everywhere_at_once_and_the_audit_trail_is_whole()
    {
        await using var cluster = await new TestCluster().Start(silos: 2, gateways: 2);
        using var http = new HttpClient();
        var (one, other) = (cluster.Gateways[0].Url, cluster.Gateways[1].Url);
        async Task<(HttpStatusCode Status, JsonNode? Body)> Call(
            string gateway, HttpMethod method, string path, string? bearer, string? body = null)
        {
            using var request = new HttpRequestMessage(method, gateway + path);
            request.Headers.Authorization = bearer is null ? null : new AuthenticationHeaderValue("Bearer", bearer);
            request.Content = body is null ? null : new StringContent(
                body, Encoding.UTF8,
                path.StartsWith("/oauth2") ? "application/x-www-form-urlencoded" : "application/json");
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : null);
        }

        async Task<JsonNode> Made(string path, string body, string? bearer = null)
        {
            var (status, answer) = await Call(one, HttpMethod.Post, path, bearer ?? cluster.Admin, body);
            Assert.True(
                status is HttpStatusCode.Created or HttpStatusCode.OK, $"{path}: {status} {answer}\n{cluster.Logs()}");
            return answer!["result"]!;
        }

        async Task<bool> IsActive(string gateway, string secret) =>
            (bool)(await Call(gateway, HttpMethod.Post, "/oauth2/introspect", cluster.Admin, $"token={secret}&token_type_hint=refresh_token")).Body!["active"]!;

        // A gateway asks first whether a silo of an earlier release would drop it on the way.
        foreach (var restricted in new[] { """{"permission_set":"viewer","addresses":["10.0.0.0/8"]}""", """{"permission_set":"viewer","belongs_to":"member"}""" })
        {
            Assert.Equal(
                HttpStatusCode.Created,
                (await Call(one, HttpMethod.Post, "/lifecycle/v1/tokens", cluster.Admin, restricted)).Status);
        }

        for (var round = 0; round < 10; round++)
        {
            var account = (string)(await Made("/v1/accounts", "{}"))["account"]!["id"]!;
            var secrets = new List<string>();
            for (var i = 0; i < 4; i++)
            {
                secrets.Add((string)(await Made($"/v1/integrations/{account}", """{"provider_config":{"type":"siem_mock_siem"}}"""))["token"]!["access"]!["secret"]!);
            }

            Assert.All(await Task.WhenAll(secrets.Select(secret => IsActive(other, secret))), Assert.True);
            Assert.Equal(
                HttpStatusCode.NoContent,
                (await Call(one, HttpMethod.Delete, $"/v1/accounts/{account}", cluster.Admin)).Status);
            Assert.DoesNotContain(true, await Task.WhenAll(secrets.Select(secret => IsActive(other, secret))));

            var role = (string)(await Made("/v1/roles", $$"""{"name":"role-{{round}}","permission_set":"account-manager"}"""))["id"]!;
            var member = (string)(await Made("/v1/members", $$"""{"name":"m{{round}}@example.com","secret":"{{Password}}","role_binding":["role-{{round}}"]}"""))["member"]!["id"]!;
            var session = (string)(await Made($"/v1/auth/logon/{cluster.OrganizationId}", $$"""{"name":"m{{round}}@example.com","secret":"{{Password}}"}"""))["token"]!["access"]!["secret"]!;
            Assert.Equal(
                HttpStatusCode.Created, (await Call(other, HttpMethod.Post, "/v1/accounts", session, "{}")).Status);
            await Call(one, HttpMethod.Patch, $"/v1/roles/{role}", cluster.Admin, """[{"op":"replace","path":"/permission_set","value":"viewer"}]""");
            Assert.Equal(
                HttpStatusCode.Forbidden, (await Call(other, HttpMethod.Post, "/v1/accounts", session, "{}")).Status);
            Assert.Equal(HttpStatusCode.OK, (await Call(other, HttpMethod.Get, "/v1/accounts", session)).Status);
            await Call(one, HttpMethod.Patch, $"/v1/members/{member}", cluster.Admin, """[{"op":"replace","path":"/state","value":"disabled"}]""");
            Assert.Equal(
                HttpStatusCode.Unauthorized, (await Call(other, HttpMethod.Get, "/v1/accounts", session)).Status);
        }

        var (code, output) = await cluster.Operate("verify-audit");
        Assert.True(code == 0, output);
        Assert.Contains("The audit trail is whole", output);
    }
}
