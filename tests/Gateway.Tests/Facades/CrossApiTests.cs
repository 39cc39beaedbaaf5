using System.Net;

namespace TokenActors.Gateway.Tests.Facades;

/// <summary>A secret made through one API is refused by the others.</summary>
[Collection("service")]
public sealed class CrossApiTests(Service service)
{
    [Fact]
    public async Task Each_api_takes_its_own_secrets_and_administrators_of_the_management_api()
    {
        var account = Guid.Parse(service.OrganizationId).ToString("N");
        string[] all = ["**/**"];
        var secrets = new Dictionary<string, string>
        {
            ["management"] = service.Admin,
            ["cloudflare"] = (string)(await service.Post($"/client/v4/accounts/{account}/access/service_tokens", service.Admin, new { name = "x" })).Result["client_secret"]!,
            ["launchdarkly"] = (string)(await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "admin" })).Json["token"]!,
            ["boomerang"] = (string)(await service.Post("/api/v2/token", service.Admin, new { type = "global", name = "x", permissions = all })).Json["token"]!,
        };
        var asks = new Dictionary<string, Func<string, Task<Answer>>>
        {
            ["management"] = secret => service.Get("/v1/organization", secret),
            ["cloudflare"] = secret => service.Get($"/client/v4/accounts/{account}/access/service_tokens", secret),
            ["launchdarkly"] = secret => service.Send(HttpMethod.Get, "/api/v2/tokens", [("Authorization", secret)]),
            ["boomerang"] = secret => service.Get("/api/v2/token/query", secret),
        };
        foreach (var (api, ask) in asks)
        {
            foreach (var (maker, secret) in secrets)
            {
                var taken = maker == "management" || (maker == api && maker != "cloudflare");
                var status = (await ask(secret)).Status;
                Assert.True(
                    status == (taken ? HttpStatusCode.OK : HttpStatusCode.Unauthorized),
                    $"{api} answered {status} to a secret of {maker}");
            }
        }

        foreach (var (maker, secret) in secrets.Where(s => s.Key != "management"))
        {
            (await service.Introspect(secret, secret)).Is(HttpStatusCode.Unauthorized);
            Assert.True(await service.IsActive(secret), $"a refusal elsewhere ended the secret of {maker}");
        }
    }

    /// <summary>Being refused elsewhere is no use of a secret, so that nobody's "last used" moves.</summary>
    [Fact]
    public async Task A_secret_refused_by_another_api_does_not_count_as_used()
    {
        var made = (await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "reader" })).Json;
        (await service.Get("/v1/organization", (string)made["token"]!)).Is(HttpStatusCode.Unauthorized);
        (await service.Get("/api/v2/token/query", (string)made["token"]!)).Is(HttpStatusCode.Unauthorized);
        var shown = (await service.Send(HttpMethod.Get, $"/api/v2/tokens/{made["_id"]}", [("Authorization", service.Admin)])).Json;
        Assert.False(shown.ContainsKey("lastUsed"));
    }

    [Fact]
    public async Task Their_tokens_are_not_found_under_v1()
    {
        var made = (await service.Post("/api/v2/token", service.Admin, new { type = "user", name = "hidden-name", principal = "u" })).Json;
        (await service.Delete("/v1/tokens/hidden-name", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        Assert.DoesNotContain("hidden-name", (await service.Get("/v1/tokens?limit=1000", service.Admin)).Body);
        Assert.NotNull(made["id"]);
    }
}
