using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Tokens that are limited to an integration or an account, and tokens in browsers.</summary>
public sealed class ScopedTokenTests(ScopedTokenTests.WithOrigin service) : IClassFixture<ScopedTokenTests.WithOrigin>
{
    private const string Origin = "https://app.example.com";

    public sealed class WithOrigin : Service
    {
        protected override string[] Settings => ["--TokenActors:Cors:Origins:0", Origin];
    }

    private string Admin => service.Admin;

    private static string Id(JsonNode node) => (string)node["id"]!;

    private async Task<string> Account(string environment = "test") =>
        Id((await service.Post("/v1/accounts", Admin, new { environment })).Is(HttpStatusCode.Created).Result["account"]!);

    private async Task<string> Integration(string account, string type = "siem_mock_siem") =>
        Id((await service.Post($"/v1/integrations/{account}", Admin, new { provider_config = new { type } })).Is(HttpStatusCode.Created).Result["integration"]!);

    [Fact]
    public async Task A_page_may_send_what_its_libraries_send_and_read_what_it_needs()
    {
        var preflight = await service.Send(HttpMethod.Options, "/v1/accounts", [("Origin", Origin), ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "authorization,traceparent,x-fern-language")]);
        Assert.Equal(Origin, preflight.Headers["Access-Control-Allow-Origin"]);
        Assert.Contains("traceparent", preflight.Headers["Access-Control-Allow-Headers"]);
        Assert.True(int.Parse(preflight.Headers["Access-Control-Max-Age"]) > 60);
        Assert.False(preflight.Headers.ContainsKey("Access-Control-Allow-Credentials"));
        var token = await service.Create("connect-ui");
        Assert.Contains("Retry-After", (await service.Send(HttpMethod.Get, "/v1/accounts", [("Origin", Origin), ("Authorization", "Bearer " + token.Access)])).Headers["Access-Control-Expose-Headers"]);
        var stranger = await service.Send(
            HttpMethod.Options, "/v1/accounts",
            [("Origin", "https://elsewhere.example.com"), ("Access-Control-Request-Method", "GET")]);
        Assert.False(stranger.Headers.ContainsKey("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task An_integration_token_opens_its_integration_and_dies_with_it()
    {
        var account = await Account();
        var integration = await Integration(account);
        var made = (await service.Post($"/v1/tokens/{account}/{integration}", Admin, """{"token_ttl":"1m"}""", "it")).Is(HttpStatusCode.Created);
        Assert.Equal(made.Body, (await service.Post($"/v1/tokens/{account}/{integration}", Admin, """{"token_ttl":"1m"}""", "it")).Body);
        var secret = (string)made.Result["secret"]!;
        Assert.Equal((integration, "integration"), ((string)made.Result["permissions"]!["resource_id"]!, (string)made.Result["permissions"]!["resource_type"]!));
        var story = (await service.Introspect(Admin, secret)).Json;
        Assert.Equal(
            ("integration", integration), ((string)story["profile"]!, (string)story["permissions"]!["resource_id"]!));
        (await service.Get("/v1/integrations", secret)).IsProblem(HttpStatusCode.Unauthorized);
        var issuer = await service.Create("token-issuer", new { accounts = new { ids = new[] { account } } });
        (await service.Post($"/v1/tokens/{account}/{integration}", issuer.Access, null)).Is(HttpStatusCode.Created);
        var elsewhere = await Account();
        (await service.Post($"/v1/tokens/{elsewhere}/{await Integration(elsewhere)}", issuer.Access, null)).IsProblem(HttpStatusCode.NotFound);
        (await service.Post($"/v1/tokens/{elsewhere}/{integration}", Admin, null)).IsProblem(HttpStatusCode.NotFound);
        var narrow = await service.Create(
            "token-issuer", new { integrations = new { categories = new[] { "ticketing" } } });
        (await service.Post($"/v1/tokens/{account}/{integration}", narrow.Access, null)).IsProblem(HttpStatusCode.NotFound);
        (await service.Delete($"/v1/integrations/{account}/{integration}", Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(secret));
    }

    [Fact]
    public async Task An_integrations_token_is_out_of_reach_for_who_is_narrowed_to_another_account()
    {
        var (mine, other) = (await Account(), await Account());
        var made = (await service.Post($"/v1/integrations/{other}", Admin, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created).Result;
        var (integration, token) = (Id(made["integration"]!), (string)made["integration"]!["refresh_token_id"]!);
        var narrow = await service.Create("administrator", new { accounts = new { ids = new[] { mine } } });
        foreach (var path in new[] { "rotate", "reset" })
        {
            (await service.Put($"/v1/tokens/{integration}/{token}/{path}", narrow.Access)).IsProblem(HttpStatusCode.Forbidden);
        }

        (await service.Put($"/v1/tokens/{token}/refresh", narrow.Access)).IsProblem(HttpStatusCode.Forbidden);
        Assert.True(await service.IsActive((string)made["token"]!["access"]!["secret"]!));
        var near = await service.Create("administrator", new { accounts = new { ids = new[] { other } } });
        (await service.Put($"/v1/tokens/{integration}/{token}/rotate", near.Access)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("management", "mcp-management")]
    [InlineData("integration-usage", "mcp-integrations-use-only")]
    [InlineData("developer", "account-manager")]
    public async Task An_mcp_token_is_limited_to_its_account_and_dies_with_it(string type, string permissionSet)
    {
        var account = await Account();
        var made = (await service.Post("/v1/tokens/mcp", Admin, new { scope = new { type, account_id = account } })).Is(HttpStatusCode.Created).Result;
        var role = made["permissions"]!["adhoc_role"]!;
        Assert.Equal(
            (permissionSet, account),
            ((string)role["permission_set"]!, (string)role["resources"]!["accounts"]!["ids"]![0]!));
        Assert.Equal(
            (type, account),
            ((string)made["claims"]!["scope"]!["type"]!, (string)made["claims"]!["scope"]!["account_id"]!));
        Assert.True(await service.IsActive((string)made["secret"]!));
        (await service.Get("/v1/accounts", (string)made["secret"]!)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Delete($"/v1/accounts/{account}", Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive((string)made["secret"]!));
    }

    [Fact]
    public async Task A_synqly_integrations_token_manages_one_account()
    {
        var first = (await service.Post("/v1/tokens/synqly-integrations", Admin, "{}", "sy")).Is(HttpStatusCode.Created);
        Assert.Equal(first.Body, (await service.Post("/v1/tokens/synqly-integrations", Admin, "{}", "sy")).Body);
        var second = (await service.Post("/v1/tokens/synqly-integrations", Admin, "{}")).Is(HttpStatusCode.Created).Result;
        var account = (string)first.Result["account_id"]!;
        Assert.Equal(account, (string)second["account_id"]!);
        Assert.Equal("account.created", Assert.Single(await service.Store.AuditOf(account)).Event);
        var secret = (string)second["token"]!["primary"]!["access"]!["secret"]!;
        (await service.Get("/v1/integration-points", secret)).Is(HttpStatusCode.OK);
        (await service.Post($"/v1/integrations/{account}", secret, new { provider_config = new { type = "sink_mock_sink" } })).Is(HttpStatusCode.Created);
        (await service.Post($"/v1/integrations/{await Account()}", secret, new { provider_config = new { type = "sink_mock_sink" } })).IsProblem(HttpStatusCode.NotFound);
        var (_, _, stranger) = await service.NewOrganization();
        Assert.NotEqual(account, (string)(await service.Post("/v1/tokens/synqly-integrations", stranger.Access, "{}")).Is(HttpStatusCode.Created).Result["account_id"]!);
    }

    [Fact]
    public async Task Descendants_are_found_by_their_parent()
    {
        var parent = await service.Create("administrator");
        var child = await service.Create("viewer", bearer: parent.Access);
        var found = (await service.Get($"/v1/tokens?filter=parent_id[eq]{parent.Id}&limit=1000", Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(child.Id, Id(Assert.Single(found, t => Id(t!) != parent.Id)!));
        Assert.Equal(
            parent.Id,
            (string)found.Single(t => Id(t!) == child.Id)!["primary"]!["access"]!["permissions"]!["parent_id"]!);
    }

    /// <summary>A cache that keeps an answer for one page must not show it to another, whatever the API.</summary>
    [Theory]
    [InlineData("/lifecycle/v1/tokens")]
    [InlineData("/mcp")]
    [InlineData("/oauth2/introspect")]
    [InlineData("/access/verify")]
    [InlineData("/client/v4/accounts/none/access/service_tokens")]
    [InlineData("/api/v2/token/query")]
    [InlineData("/nothing")]
    public async Task Every_answer_differs_by_origin(string path)
    {
        foreach (var bearer in new[] { Admin, null })
        {
            Assert.Contains("Origin", (await service.Get(path, bearer)).Headers["Vary"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_may_call_with_a_connect_ui_token_only()
    {
        var account = await Account();
        var ui = await service.Create("connect-ui", new { accounts = new { ids = new[] { account } } });
        Task<Answer> From(string origin, string bearer) =>
            service.Send(
                HttpMethod.Get, $"/v1/integrations/{account}",
                [("Origin", origin), ("Authorization", "Bearer " + bearer)]);
        Assert.Equal(
            Origin, (await From(Origin, ui.Access)).Is(HttpStatusCode.OK).Headers["Access-Control-Allow-Origin"]);
        (await From(Origin, Admin)).IsProblem(HttpStatusCode.Forbidden);
        var evil = await From("https://evil.example.com", ui.Access);
        Assert.False(evil.Headers.ContainsKey("Access-Control-Allow-Origin"));
        Assert.Contains("Origin", evil.Headers["Vary"], StringComparison.Ordinal);
        Assert.Contains(
            "Origin", (await service.Get("/api/v2/tokens", null)).Headers["Vary"], StringComparison.Ordinal);
        var preflight = await service.Send(HttpMethod.Options, $"/v1/integrations/{account}", [("Origin", Origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type")]);
        Assert.Equal(
            (HttpStatusCode.NoContent, Origin), (preflight.Status, preflight.Headers["Access-Control-Allow-Origin"]));
        Assert.Contains("POST", preflight.Headers["Access-Control-Allow-Methods"]);
        (await service.Post($"/v1/integrations/{account}", ui.Access, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created);
        (await service.Post($"/v1/integrations/{await Account()}", ui.Access, new { provider_config = new { type = "siem_mock_siem" } })).IsProblem(HttpStatusCode.NotFound);
    }
}
