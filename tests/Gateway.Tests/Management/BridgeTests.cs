using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Bridges of accounts: their credential, which reports and nothing else, and what their agents
/// report.</summary>
[Collection("service")]
public sealed class BridgeTests(Service service)
{
    private sealed record Bridge(string Account, string Id, string Credential)
    {
        public string Path => $"/v1/bridges/{Account}/{Id}";
    }

    [Fact]
    public async Task A_bridge_shows_its_credential_in_the_answer_that_makes_it_and_in_no_other()
    {
        var account = await NewAccount();
        var answer = (await service.Post(
            $"/v1/bridges/{account}", service.Admin,
            new { fullname = "East Wing", description = "two agents", labels = new[] { "east" } }))
            .Is(HttpStatusCode.Created);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var credential = (string)answer.Result["credential"]!;
        Assert.StartsWith("ta_brg_", credential);
        var made = answer.Result["bridge"]!;
        Assert.Equal(
            ("east-wing", "East Wing", "two agents"),
            ((string)made["name"]!, (string)made["fullname"]!, (string)made["description"]!));
        var path = $"/v1/bridges/{account}/east-wing";
        string[] later =
        [
            (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Body,
            (await service.Get($"/v1/bridges/{account}", service.Admin)).Is(HttpStatusCode.OK).Body,
            (await service.Get($"{path}/status", service.Admin)).Is(HttpStatusCode.OK).Body,
            (await service.Send(HttpMethod.Put, path, service.Admin, made)).Is(HttpStatusCode.OK).Body,
        ];
        Assert.All(later, body => Assert.DoesNotContain("ta_brg_", body));
        Assert.Equal(made.ToJsonString(), JsonNode.Parse(later[0])!["result"]!.ToJsonString());
    }

    [Fact]
    public async Task A_name_is_unique_in_its_account_and_finds_the_bridge()
    {
        var (account, other) = (await NewAccount(), await NewAccount());
        (await service.Post($"/v1/bridges/{account}", service.Admin, new { name = "Gate" })).Is(HttpStatusCode.Created);
        (await service.Post($"/v1/bridges/{account}", service.Admin, new { name = "gATE" })).IsProblem(HttpStatusCode.Conflict);
        (await service.Post($"/v1/bridges/{other}", service.Admin, new { name = "gate" })).Is(HttpStatusCode.Created);
        var found = (await service.Get($"/v1/bridges/{other}/GATE", service.Admin)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(
            (string)found["id"]!,
            (string)(await service.Get($"/v1/bridges/{other}", service.Admin)).Result.AsArray().Single()!["id"]!);
    }

    [Fact]
    public async Task An_integration_names_a_bridge_of_its_own_account_and_keeps_one_that_is_gone()
    {
        var (account, other) = (await NewAccount(), await NewAccount());
        var own = (string)(await service.Post($"/v1/bridges/{account}", service.Admin, "{}")).Is(HttpStatusCode.Created).Result["bridge"]!["id"]!;
        var foreign = (string)(await service.Post($"/v1/bridges/{other}", service.Admin, "{}")).Is(HttpStatusCode.Created).Result["bridge"]!["id"]!;
        foreach (var wrong in new[] { foreign, Guid.NewGuid().ToString(), "nonsense" })
        {
            (await Create(new { type = "id", value = wrong })).IsProblem(
                HttpStatusCode.BadRequest, "/bridge_selector/value");
        }

        (await Create(new { type = "labels", value = new[] { "of-none-yet" } })).Is(HttpStatusCode.Created);
        var made = (await Create(new { type = "id", value = own })).Is(HttpStatusCode.Created).Result["integration"]!;
        var path = $"/v1/integrations/{account}/{(string)made["id"]!}";
        (await Replace(foreign)).IsProblem(HttpStatusCode.BadRequest, "/bridge_selector/value");
        (await service.Delete($"/v1/bridges/{account}/{own}", service.Admin)).Is(HttpStatusCode.NoContent);
        (await service.Send(HttpMethod.Patch, path, service.Admin, """[{"op":"replace","path":"/fullname","value":"still"}]""")).Is(HttpStatusCode.OK);

        Task<Answer> Create(object selector) =>
            service.Post(
                $"/v1/integrations/{account}", service.Admin,
                new { provider_config = new { type = "siem_mock_siem" }, bridge_selector = selector });
        Task<Answer> Replace(string bridge) =>
            service.Send(HttpMethod.Patch, path, service.Admin, $$"""[{"op":"replace","path":"/bridge_selector/value","value":"{{bridge}}"}]""");
    }

    [Fact]
    public async Task Bridges_of_an_account_are_found_by_their_labels()
    {
        var account = await NewAccount();
        (await service.Post($"/v1/bridges/{account}", service.Admin, new { name = "a", labels = new[] { "east", "dmz" } })).Is(HttpStatusCode.Created);
        (await service.Post($"/v1/bridges/{account}", service.Admin, new { name = "b", labels = new[] { "west" } })).Is(HttpStatusCode.Created);
        Assert.Equal("a", await Names($"{account}?filter=labels[eq]dmz"));
        Assert.Equal("b a", await Names($"{account}?order=name[desc]"));
        Assert.Equal("b", await Names($"{account}?start_after=a&limit=1"));

        // Labels of accounts narrow a token; those of bridges are something else.
        var labelled = (string)(await service.Post("/v1/accounts", service.Admin, new { labels = new[] { "west" } })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        (await service.Post($"/v1/bridges/{labelled}", service.Admin, new { name = "c" })).Is(HttpStatusCode.Created);
        var narrowed = await service.Create(
            "viewer", new { accounts = new { ids = new[] { "*" }, labels = new[] { "west" } } });
        Assert.Equal("c", await Names(labelled, narrowed.Access));
    }

    [Fact]
    public async Task Agents_that_have_reported_within_a_minute_are_the_status()
    {
        var bridge = await NewBridge();
        Assert.Empty(await Status(bridge));
        (await Report(bridge, "agent-2", requests: 1)).Is(HttpStatusCode.NoContent);
        service.Clock.Advance(TimeSpan.FromSeconds(40));
        (await Report(bridge, "agent-1", requests: 5)).Is(HttpStatusCode.NoContent);
        (await Report(bridge, "agent-1", requests: 7)).Is(HttpStatusCode.NoContent);
        var both = await Status(bridge);
        Assert.Equal([7, 1], both.Select(agent => (int)agent!["local_stats"]!["requests"]!));
        Assert.Equal("12ms", (string)both[0]!["response_duration"]!);
        Assert.Equal("""{"version":"1.2.3","allow_addresses":["10.0.0.0/8"],"vault":{"type":"hashicorp"}}""", both[0]!["local_config"]!.ToJsonString());
        Assert.True((DateTimeOffset)both[1]!["current_time"]! < (DateTimeOffset)both[0]!["current_time"]!);
        service.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal([7], (await Status(bridge)).Select(agent => (int)agent!["local_stats"]!["requests"]!));
    }

    [Fact]
    public async Task As_many_agents_as_there_may_be_keep_another_out_until_one_falls_silent()
    {
        var bridge = await NewBridge();
        for (var i = 0; i < 100; i++)
        {
            (await Report(bridge, $"agent-{i}")).Is(HttpStatusCode.NoContent);
        }

        (await Report(bridge, "one-more")).IsProblem(HttpStatusCode.TooManyRequests);
        (await Report(bridge, "agent-7")).Is(HttpStatusCode.NoContent);
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Report(bridge, "one-more")).Is(HttpStatusCode.NoContent);
        Assert.Single(await Status(bridge));
    }

    [Fact]
    public async Task A_credential_finds_no_bridge_but_its_own()
    {
        var (bridge, other) = (await NewBridge(), await NewBridge());
        (await Report(bridge with { Id = other.Id }, "a")).IsProblem(HttpStatusCode.NotFound);
        (await Report(bridge with { Account = other.Account }, "a")).IsProblem(HttpStatusCode.NotFound);
        (await Report(bridge with { Credential = other.Credential }, "a")).IsProblem(HttpStatusCode.NotFound);
        (await Report(bridge with { Id = Guid.NewGuid().ToString() }, "a")).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Nothing_but_a_bridge_s_credential_reports()
    {
        var bridge = await NewBridge();
        var integration = (await service.Post(
            $"/v1/integrations/{bridge.Account}", service.Admin,
            new { provider_config = new { type = "siem_mock_siem" } }))
            .Is(HttpStatusCode.Created).Result["token"]!["access"]!["secret"];
        foreach (var bearer in new[] { service.Admin, (string)integration!, "ta_brg_" + new string('x', 71), bridge.Credential + "x" })
        {
            (await Report(bridge with { Credential = bearer }, "a")).IsProblem(HttpStatusCode.Unauthorized);
        }

        (await service.Post($"{bridge.Path}/report", null, new { })).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Empty(await Status(bridge));
    }

    [Theory]
    [InlineData("GET", "/v1/accounts")]
    [InlineData("GET", "/v1/bridges/{account}")]
    [InlineData("GET", "/v1/bridges/{account}/{bridge}")]
    [InlineData("GET", "/v1/bridges/{account}/{bridge}/status")]
    [InlineData("DELETE", "/v1/bridges/{account}/{bridge}")]
    [InlineData("POST", "/v1/auth/logoff")]
    [InlineData("POST", "/oauth2/introspect")]
    [InlineData("GET", "/client/v4/accounts/{account}/access/service_tokens")]
    [InlineData("GET", "/api/v2/tokens")]
    [InlineData("GET", "/api/v2/token/query")]
    [InlineData("GET", "/lifecycle/v1/tokens")]
    [InlineData("POST", "/lifecycle/v1/tokens")]
    [InlineData("GET", "/lifecycle/v1/audit")]
    [InlineData("GET", "/lifecycle/v1/webhooks")]
    [InlineData("POST", "/mcp")]
    public async Task A_credential_opens_nothing_but_its_report(string method, string path)
    {
        var bridge = await NewBridge();
        var header = path.StartsWith("/api/v2/tokens", StringComparison.Ordinal)
            ? bridge.Credential
            : $"Bearer {bridge.Credential}";
        object? body = path.StartsWith("/oauth2", StringComparison.Ordinal)
            ? new Dictionary<string, string> { ["token"] = service.Admin }
            : null;
        var url = path.Replace("{account}", bridge.Account).Replace("{bridge}", bridge.Id);
        (await service.Send(new HttpMethod(method), url, [("Authorization", header)], body)).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_credential_is_active_as_what_it_is_and_passes_a_proxy_by_name_only()
    {
        var bridge = await NewBridge();
        var answer = (await service.Introspect(service.Admin, bridge.Credential)).Json;
        Assert.True((bool)answer["active"]!);
        Assert.Equal(("bridge", ""), ((string)answer["profile"]!, (string)answer["scope"]!));
        Assert.Equal(
            ("bridge", bridge.Id),
            ((string)answer["permissions"]!["resource_type"]!, (string)answer["permissions"]!["resource_id"]!));
        var verify = $"/access/verify?organization_id={service.OrganizationId}";
        (await service.Get(verify, bridge.Credential)).Is(HttpStatusCode.Forbidden);
        (await service.Get($"{verify}&kind=bridge", bridge.Credential)).Is(HttpStatusCode.OK);
        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { bridge.Account } } });
        Assert.Equal("""{"active":false}""", (await service.Introspect(narrowed.Access, bridge.Credential)).Body);
    }

    [Theory]
    [InlineData("bridge")]
    [InlineData("account")]
    public async Task A_credential_dies_with_what_it_hangs_on(string what)
    {
        var bridge = await NewBridge();
        (await Report(bridge, "a")).Is(HttpStatusCode.NoContent);
        (await service.Delete(what == "bridge" ? bridge.Path : $"/v1/accounts/{bridge.Account}", service.Admin)).Is(HttpStatusCode.NoContent);
        (await Report(bridge, "a")).IsProblem(HttpStatusCode.Unauthorized);
        Assert.False(await service.IsActive(bridge.Credential));
        (await service.Get($"{bridge.Path}/status", service.Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_credential_dies_with_its_organization_and_outlives_the_token_that_made_it()
    {
        var suborg = (await service.Post("/v1/suborgs", service.Admin, new { })).Is(HttpStatusCode.Created).Result;
        var boss = (string)suborg["token"]!["access"]!["secret"]!;
        var maker = await service.Create(bearer: boss);
        var bridge = await NewBridge(maker.Access);
        (await service.Delete($"/v1/tokens/{maker.Id}", boss)).Is(HttpStatusCode.NoContent);
        (await Report(bridge, "a")).Is(HttpStatusCode.NoContent);
        (await service.Delete($"/v1/suborgs/{suborg["organization"]!["id"]}", service.Admin)).Is(HttpStatusCode.NoContent);
        (await Report(bridge, "a")).IsProblem(HttpStatusCode.Unauthorized);
    }

    /// <summary>Without a restart of the agents: they get the new one, and the old one works until its
    /// deadline.</summary>
    [Fact]
    public async Task A_leaked_credential_is_replaced_or_revoked_like_any_token()
    {
        var bridge = await NewBridge();
        var token = (string)(await service.Introspect(service.Admin, bridge.Credential)).Json["jti"]!;
        var reset = (await service.Put($"/v1/tokens/{bridge.Id}/{token}/reset", service.Admin)).Is(HttpStatusCode.OK).Result;
        (await Report(bridge, "a")).IsProblem(HttpStatusCode.Unauthorized);
        var fresh = bridge with { Credential = (string)reset["primary"]!["access"]!["secret"]! };
        (await Report(fresh, "a")).Is(HttpStatusCode.NoContent);
        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { bridge.Account } } });
        (await service.Put($"/v1/tokens/{bridge.Id}/{token}/reset", narrowed.Access)).IsProblem(HttpStatusCode.Forbidden);
        (await service.Revoke(fresh.Credential, fresh.Credential)).Is(HttpStatusCode.OK);
        (await Report(fresh, "a")).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"local_config":{"version":"1","allow_addresses":[]}}""", "/instance_id")]
    [InlineData("""{"instance_id":"","local_config":{"version":"1","allow_addresses":[]}}""", "/instance_id")]
    [InlineData("""{"instance_id":"a"}""", "/local_config")]
    [InlineData("""{"instance_id":"a","local_config":{"allow_addresses":[]}}""", "/local_config/version")]
    [InlineData("""{"instance_id":"a","local_config":{"version":"1"}}""", "/local_config/allow_addresses")]
    [InlineData("""{"instance_id":"a","local_config":{"version":"1","allow_addresses":[],"vault":{"x":1}}}""", "/local_config/vault")]
    [InlineData("""{"instance_id":"a","local_config":{"version":"1","allow_addresses":[]},"local_stats":{"requests":-1}}""", "/local_stats/requests")]
    [InlineData("""{"instance_id":"a","local_config":{"version":"1","allow_addresses":[]},"response_duration":"fast"}""", "/response_duration")]
    [InlineData("""{"instance_id":"a","local_config":{"version":"1","allow_addresses":[]},"more":1}""", "/more")]
    public async Task A_report_that_is_wrong_is_told_where(string body, string pointer)
    {
        var bridge = await NewBridge();
        (await service.Post($"{bridge.Path}/report", bridge.Credential, body)).IsProblem(
            HttpStatusCode.BadRequest, pointer);
    }

    [Fact]
    public async Task A_report_is_bounded()
    {
        var bridge = await NewBridge();
        var addresses = Enumerable.Range(0, 40).Select(i => new string('x', 500)).ToArray();
        var report = new { instance_id = "a", local_config = new { version = "1", allow_addresses = addresses.Select((a, i) => $"{i}{a}") } };
        (await service.Post($"{bridge.Path}/report", bridge.Credential, report)).IsProblem(HttpStatusCode.BadRequest);
        Assert.Empty(await Status(bridge));
    }

    private Task<Answer> Report(Bridge bridge, string agent, int requests = 0) => service.Post($"{bridge.Path}/report", bridge.Credential, new
    {
        instance_id = agent,
        response_duration = "12ms",
        local_config = new { version = "1.2.3", allow_addresses = new[] { "10.0.0.0/8" }, vault = new { type = "hashicorp" } },
        local_stats = new { requests, failures = 0, in_bytes = 10, out_bytes = 20 },
    });

    private async Task<JsonArray> Status(Bridge bridge) =>
        (await service.Get($"{bridge.Path}/status", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();

    private async Task<string> Names(string path, string? bearer = null) => string.Join(
        ' ', (await service.Get($"/v1/bridges/{path}", bearer ?? service.Admin)).Is(HttpStatusCode.OK).Result.AsArray().Select(bridge => (string)bridge!["name"]!));

    private async Task<string> NewAccount(string? bearer = null) =>
        (string)(await service.Post("/v1/accounts", bearer ?? service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;

    private async Task<Bridge> NewBridge(string? bearer = null)
    {
        var account = await NewAccount(bearer);
        var made = (await service.Post($"/v1/bridges/{account}", bearer ?? service.Admin, new { })).Is(HttpStatusCode.Created).Result;
        return new Bridge(account, (string)made["bridge"]!["id"]!, (string)made["credential"]!);
    }
}
