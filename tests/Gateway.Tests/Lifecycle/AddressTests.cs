using System.Net;
using System.Text.RegularExpressions;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>A service behind proxies that say from where each request comes.</summary>
public sealed class ProxiedService : Service
{
    protected override string[] Settings =>
    [
        "--TokenActors:ForwardedHeaders:KnownProxies:0", "127.0.0.1",
        "--TokenActors:ForwardedHeaders:KnownNetworks:0", "192.0.2.0/24",
        "--TokenActors:ForwardedHeaders:KnownNetworks:1", "2001:db8:99::/48",
    ];

    public Task<Answer> From(
        string? address, HttpMethod method, string path, string bearer, object? body = null, string? tag = null, string type = "application/json")
    {
        List<(string, string)> headers = [("Authorization", path.StartsWith("/api/v2/tokens", StringComparison.Ordinal) ? bearer : $"Bearer {bearer}")];
        if (address is not null)
        {
            headers.Add(("X-Forwarded-For", address));
        }

        if (tag is not null)
        {
            headers.Add(("If-Match", tag));
        }

        return Send(method, path, headers, body, type);
    }
}

/// <summary>Tokens that are accepted from some addresses only.</summary>
public sealed partial class AddressTests(ProxiedService service) : IClassFixture<ProxiedService>
{
    private const string Root = "/lifecycle/v1/tokens";
    private const string Inside = "10.1.2.3";
    private const string Outside = "10.2.0.1";
    private static readonly string[] Ten = ["10.1.0.0/16"];

    private sealed record Bound(string Id, string Access, string? Refresh);

    private async Task<Bound> Make(object? more = null, string? bearer = null, string from = Inside)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { addresses = Ten })!.AsObject();
        body["permission_set"] ??= "administrator";
        var made = (await service.From(from, HttpMethod.Post, Root, bearer ?? service.Admin, body)).Is(HttpStatusCode.Created).Json;
        return new((string)made["id"]!, (string)made["secrets"]!["access"]!, (string?)made["secrets"]!["refresh"]);
    }

    private async Task<string> AddressesOf(string id)
    {
        var token = (await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.OK).Json;
        return string.Join(' ', token["addresses"]?.AsArray().Select(text => (string?)text) ?? []);
    }

    private async Task<Answer> Patch(string id, object body, string? bearer = null, string from = Inside)
    {
        var tag = (await service.Get($"{Root}/{id}", service.Admin)).Headers["ETag"];
        return await service.From(
            from, HttpMethod.Patch, $"{Root}/{id}", bearer ?? service.Admin, body, tag, "application/merge-patch+json");
    }

    private Task<Answer> Introspect(string token, string? client) => service.Send(
        HttpMethod.Post, "/oauth2/introspect", service.Admin,
        client is null ? new Dictionary<string, string> { ["token"] = token } : new() { ["token"] = token, ["client_ip"] = client });

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.1.2.3:4711", true)]
    [InlineData("10.2.0.1", false)]
    [InlineData("::10.1.2.3", false)]
    [InlineData("10.1.2.3, 10.2.0.1", false)]
    [InlineData("10.2.0.1, 10.1.2.3", true)]
    [InlineData("10.1.2.3, 192.0.2.7", true)]
    [InlineData("10.2.0.1, 10.1.2.3, 192.0.2.7, 2001:db8:99::1, 192.0.2.8", true)]
    [InlineData("10.1.2.3, 10.2.0.1, 192.0.2.7", false)]
    [InlineData("10.1.2.3, nonsense", false)]
    [InlineData("10.1.2.3, nonsense, 10.2.0.1", false)]
    [InlineData("nonsense, 10.1.2.3", true)]
    [InlineData("unknown", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task The_address_is_the_right_most_that_is_no_known_proxy(string? forwarded, bool accepted)
    {
        var made = await Make();
        Assert.Equal(
            accepted ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await service.From(forwarded, HttpMethod.Get, "/v1/organization", made.Access)).Status);
    }

    [Fact]
    public async Task From_elsewhere_every_api_answers_403_and_does_not_say_from_where_it_would_be_accepted()
    {
        var made = await Make();
        foreach (var path in new[] { "/v1/organization", "/lifecycle/v1/tokens", "/api/v2/tokens", $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens", $"/access/verify?organization_id={service.OrganizationId}" })
        {
            (await service.From(Inside, HttpMethod.Get, path, made.Access)).Is(HttpStatusCode.OK);
            var refused = (await service.From(Outside, HttpMethod.Get, path, made.Access)).Is(HttpStatusCode.Forbidden);
            Assert.DoesNotContain("10.1", refused.Body, StringComparison.Ordinal);
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await service.From(Outside, HttpMethod.Get, path, made.Access[..^1])).Status);
        }

        var asked = (await service.Send(
            HttpMethod.Post, "/oauth2/introspect",
            [("Authorization", "Bearer " + made.Access), ("X-Forwarded-For", Outside)],
            new Dictionary<string, string> { ["token"] = made.Access })).Is(HttpStatusCode.Forbidden);
        Assert.Equal("access_denied", (string?)asked.Json["error"]);
    }

    [Fact]
    public async Task A_refresh_from_elsewhere_is_403_and_changes_nothing()
    {
        var made = await Make();
        var path = $"/v1/tokens/{made.Id}/refresh";
        (await service.From(Outside, HttpMethod.Put, path, made.Refresh!)).IsProblem(HttpStatusCode.Forbidden);
        (await service.From(Outside, HttpMethod.Put, path, made.Refresh![..^1])).IsProblem(HttpStatusCode.Unauthorized);
        var first = (await service.From(Inside, HttpMethod.Put, path, made.Refresh!)).Is(HttpStatusCode.OK);

        // The lost answer is given again to its holder, and not to who comes from elsewhere.
        (await service.From(Outside, HttpMethod.Put, path, made.Refresh!)).IsProblem(HttpStatusCode.Forbidden);
        var again = (await service.From(Inside, HttpMethod.Put, path, made.Refresh!)).Is(HttpStatusCode.OK);
        Assert.Equal(
            (string?)first.Result["primary"]!["access"]!["secret"],
            (string?)again.Result["primary"]!["access"]!["secret"]);
        Assert.Equal("10.1.0.0/16", await AddressesOf(made.Id));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("10.2.0.1", false)]
    [InlineData("fe80::1%eth0", false)]
    public async Task An_introspection_says_from_where_or_the_token_is_inactive(string? client, bool active)
    {
        var made = await Make();
        var answer = (await Introspect(made.Access, client)).Is(HttpStatusCode.OK);
        Assert.Equal(active, (bool)answer.Json["active"]!);
        Assert.Equal(active, answer.Body != """{"active":false}""");
        object body = client is null
            ? new { tokens = new[] { made.Access } }
            : new { tokens = new[] { made.Access }, client_ip = client };
        var many = (await service.Post("/lifecycle/v1/introspect", service.Admin, body)).Is(HttpStatusCode.OK);
        Assert.Equal(active, (bool)many.Json["items"]![0]!["active"]!);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("10.1.2.3:80")]
    [InlineData("10.1.2.0/24")]
    [InlineData("10.1.2.3, 10.1.2.3")]
    public async Task A_client_ip_that_is_none_is_400(string client)
    {
        (await Introspect(service.Admin, client)).Is(HttpStatusCode.BadRequest);
        var problem = Problem(await service.Post("/lifecycle/v1/introspect", service.Admin, new { tokens = new[] { "x" }, client_ip = client }), 400, "invalid-request");
        Assert.Equal("/client_ip", (string?)problem["errors"]![0]!["pointer"]);
    }

    [Fact]
    public async Task Whoever_holds_it_ends_it_from_anywhere()
    {
        var (one, other) = (await Make(), await Make());
        (await service.From(Outside, HttpMethod.Post, "/oauth2/revoke-self", one.Access)).Is(HttpStatusCode.OK);
        (await service.Send(
            HttpMethod.Post, "/oauth2/revoke",
            [("Authorization", "Bearer " + other.Access), ("X-Forwarded-For", Outside)],
            new Dictionary<string, string> { ["token"] = other.Access })).Is(HttpStatusCode.OK);
        foreach (var gone in new[] { one, other })
        {
            (await service.Get($"{Root}/{gone.Id}", service.Admin)).Is(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task The_list_and_the_record_show_them_and_can_names_them_with_the_clause()
    {
        var made = await Make(new { addresses = new[] { "10.1.128.0/17", "10.1.0.0/17", "2001:db8::1" } });
        Assert.Equal("10.1.0.0/16 2001:db8::1/128", await AddressesOf(made.Id));
        var listed = (await service.Get($"{Root}?filter=id[eq]{made.Id}", service.Admin)).Json["items"]![0]!;
        Assert.Equal(2, listed["addresses"]!.AsArray().Count);
        var can = $"{Root}/{made.Id}/can?action=accounts:get";
        Assert.Equal(2, (await service.Get(can, service.Admin)).Json["clause"]!["addresses"]!.AsArray().Count);
        Assert.True((bool)(await service.Get($"{can}&client_ip={Inside}", service.Admin)).Json["allowed"]!);
        Assert.Equal(
            "outside_addresses",
            (string?)(await service.Get($"{can}&client_ip={Outside}", service.Admin)).Json["because"]);
        Problem(await service.Get($"{can}&client_ip=x", service.Admin), 400, "invalid-request", "client_ip");
    }

    [Theory]
    [InlineData("""["10.0.0.1/8"]""", "/addresses/0")]
    [InlineData("""["10.0.0.0/8","x"]""", "/addresses/1")]
    [InlineData("[1]", "/addresses/0")]
    [InlineData("[]", "/addresses")]
    [InlineData("\"10.0.0.0/8\"", "/addresses")]
    [InlineData("{}", "/addresses")]
    public async Task What_is_wrong_with_them_is_400_that_points_to_it(string addresses, string pointer)
    {
        var (id, body) = ((await Make()).Id, $$"""{"addresses":{{addresses}}}""");
        var created = Problem(await service.Post(Root, service.Admin, $$"""{"permission_set":"viewer","addresses":{{addresses}}}"""), 400, "invalid-request");
        var patched = Problem(await Patch(id, body), 400, "invalid-request");
        Assert.Equal(
            [pointer, pointer],
            new[] { created, patched }.Select(problem => (string?)problem["errors"]![0]!["pointer"]));
    }

    [Fact]
    public async Task A_thousand_are_too_many()
    {
        var many = Enumerable.Range(0, 1000).Select(i => $"10.{i / 250}.{i % 250}.0/24").ToArray();
        var problem = Problem(
            await service.Post(Root, service.Admin, new { permission_set = "viewer", addresses = many }), 400,
            "invalid-request");
        Assert.Equal("/addresses", (string?)problem["errors"]![0]!["pointer"]);
    }

    [Fact]
    public async Task A_patch_narrows_at_once_and_widens_no_further_than_bearer_and_maker()
    {
        var parent = await Make(new { addresses = new[] { "10.0.0.0/8" } });
        var child = await Make(new { addresses = Ten }, parent.Access);
        (await service.From(Inside, HttpMethod.Get, "/v1/organization", child.Access)).Is(HttpStatusCode.OK);
        (await Patch(child.Id, new { addresses = new[] { "10.1.2.0/24" } }, child.Access)).Is(HttpStatusCode.OK);
        (await service.From("10.1.3.1", HttpMethod.Get, "/v1/organization", child.Access)).Is(HttpStatusCode.Forbidden);

        // Neither does it widen itself, nor may anybody give it more than what it was made with.
        foreach (var wider in new object[] { new { addresses = Ten }, """{"addresses":null}""", new { addresses = new[] { "0.0.0.0/0", "::/0" } } })
        {
            (await Patch(child.Id, wider, child.Access)).Is(HttpStatusCode.Forbidden);
        }

        foreach (var wider in new object[] { new { addresses = new[] { "10.0.0.0/7" } }, """{"addresses":null}""", new { addresses = new[] { "::/0" } } })
        {
            (await Patch(child.Id, wider, parent.Access)).Is(HttpStatusCode.Forbidden);
            (await Patch(child.Id, wider)).Is(HttpStatusCode.Forbidden);
        }

        (await Patch(child.Id, new { addresses = new[] { "10.0.0.0/8" } }, parent.Access)).Is(HttpStatusCode.OK);
        (await Patch(parent.Id, """{"addresses":null}""")).Is(HttpStatusCode.OK);
        (await Patch(child.Id, """{"addresses":null}""")).Is(HttpStatusCode.OK);
        Assert.Equal("", await AddressesOf(child.Id));
        (await service.From(Outside, HttpMethod.Get, "/v1/organization", child.Access)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Whatever_a_bound_bearer_makes_is_bound_too()
    {
        var bearer = (await Make()).Access;
        async Task<Answer> Made(string path, object body) =>
            await service.From(Inside, HttpMethod.Post, path, bearer, body);
        var account = (string)(await Made("/v1/accounts", new { environment = "test" })).Result["account"]!["id"]!;
        var provisioned = await Made(
            $"/v1/integrations/{account}", new { provider_config = new { type = "siem_mock_siem" } });
        var integration = (string)provisioned.Result["integration"]!["id"]!;
        string[] all = ["**/**"];
        (string What, Answer Answer)[] made =
        [
            ("integration", provisioned),
            ("adhoc", await Made(Root, new { permission_set = "viewer" })),
            ("mcp", await Made(Root, new { kind = "mcp", permission_set = "viewer" })),
            ("of an integration", await Made(Root, new { kind = "integration", integration_id = integration })),
            ("/v1", await Made("/v1/tokens", new { permission_set = "viewer", resources = new { } })),
            ("/v1 mcp", await Made("/v1/tokens/mcp", new { scope = new { type = "management" } })),
            ("/v1 synqly-integrations", await Made("/v1/tokens/synqly-integrations", new { })),
            ("/v1 integration", await Made($"/v1/tokens/{account}/{integration}", new { })),
            ("bridge", await Made($"/v1/bridges/{account}", new { })),
            ("Cloudflare", await Made(
                $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens",
                new { name = "x" })),
            ("LaunchDarkly", await Made("/api/v2/tokens", new { role = "admin", serviceToken = true })),
            ("Boomerang", await Made("/api/v2/token", new { type = "global", name = "x", permissions = all })),
        ];
        foreach (var (what, answer) in made)
        {
            Assert.True((int)answer.Status < 300, $"{what}: {answer.Body}");
            var secret = AnySecret().Match(answer.Body).Groups[1].Value;
            Assert.Equal((what, """{"active":false}"""), (what, (await Introspect(secret, null)).Body));
            Assert.Equal((what, """{"active":false}"""), (what, (await Introspect(secret, Outside)).Body));
            var id = (string?)(await Introspect(secret, Inside)).Json["jti"];
            Assert.Equal((what, "10.1.0.0/16"), (what, await AddressesOf(id ?? what)));
        }
    }

    [GeneratedRegex("\"((?:ta_|api-|bfg_|cfast_)[A-Za-z0-9_]+)\"")]
    private static partial Regex AnySecret();

    [Fact]
    public async Task A_bound_bearer_gets_at_nothing_that_is_not_bound_as_it_is()
    {
        var bearer = (await Make()).Access;
        var wide = await service.Create("viewer");
        var other = await Make(new { permission_set = "viewer", addresses = new[] { "10.2.0.0/16" } });
        var within = await Make(new { permission_set = "viewer", addresses = new[] { "10.1.7.0/24" } });
        foreach (var command in new[] { "rotate", "reset", "refresh" })
        {
            (await service.From(Inside, HttpMethod.Post, $"{Root}/{wide.Id}/{command}", bearer)).Is(HttpStatusCode.Forbidden);
            (await service.From(Inside, HttpMethod.Post, $"{Root}/{other.Id}/{command}", bearer)).Is(HttpStatusCode.Forbidden);
            (await service.From(Inside, HttpMethod.Post, $"{Root}/{service.DefaultTokenId}/{command}", bearer)).Is(HttpStatusCode.Forbidden);
            (await service.From(Inside, HttpMethod.Post, $"{Root}/{within.Id}/{command}", bearer)).Is(HttpStatusCode.OK);
        }

        Assert.Equal("10.1.7.0/24", await AddressesOf(within.Id));
        (await service.From(Inside, HttpMethod.Post, Root, bearer, new { permission_set = "viewer", addresses = new[] { "10.0.0.0/8" } })).Is(HttpStatusCode.Forbidden);

        // What is used without a token of its own would be used from anywhere.
        (await service.From(Inside, HttpMethod.Post, "/v1/roles", bearer, new { permission_set = "viewer" })).Is(HttpStatusCode.Forbidden);
        (await service.From(Inside, HttpMethod.Post, "/v1/suborgs", bearer, new { })).Is(HttpStatusCode.Forbidden);
        var member = new { name = $"m{Guid.NewGuid():N}@example.com", secret = "correct horse battery", role_binding = new[] { "viewer" } };
        (await service.From(Inside, HttpMethod.Post, "/v1/members", bearer, member)).Is(HttpStatusCode.Forbidden);
        (await service.From(Inside, HttpMethod.Get, $"{Root}/{wide.Id}", bearer)).Is(HttpStatusCode.OK);
        (await service.From(Inside, HttpMethod.Post, "/v1/accounts", bearer, new { environment = "test" })).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_default_token_can_be_bound_and_its_rotation_leaves_it_bound()
    {
        var (organization, _, made) = await service.NewOrganization();
        var tag = (await service.Get($"{Root}/{made.Id}", made.Access)).Headers["ETag"];
        (await service.From(Inside, HttpMethod.Patch, $"{Root}/{made.Id}", made.Access, new { addresses = Ten }, tag, "application/merge-patch+json")).Is(HttpStatusCode.OK);
        (await service.From(Outside, HttpMethod.Get, "/v1/organization", made.Access)).Is(HttpStatusCode.Forbidden);
        var rotated = (await service.From(Inside, HttpMethod.Post, $"{Root}/{made.Id}/rotate", made.Access)).Is(HttpStatusCode.OK).Json;
        Assert.Equal("10.1.0.0/16", (string?)rotated["addresses"]![0]);
        (await service.From(Outside, HttpMethod.Get, "/v1/organization", (string)rotated["secrets"]!["access"]!)).Is(HttpStatusCode.Forbidden);
        Assert.Equal(organization.ToString(), (string?)(await service.From(Inside, HttpMethod.Get, "/v1/organization", (string)rotated["secrets"]!["access"]!)).Result["id"]);
    }

    [Fact]
    public async Task An_edit_by_the_api_that_a_token_is_of_keeps_it_bound()
    {
        var token = (await service.From(null, HttpMethod.Post, "/api/v2/tokens", service.Admin, new { role = "reader", serviceToken = true })).Is(HttpStatusCode.Created).Json;
        var (id, secret) = ((string)token["_id"]!, (string)token["token"]!);
        var own = (string)(await Introspect(secret, Inside)).Json["jti"]!;
        (await Patch(own, new { addresses = Ten })).Is(HttpStatusCode.OK);
        var edit = """[{"op":"replace","path":"/role","value":"writer"},{"op":"replace","path":"/name","value":"renamed"}]""";
        (await service.From(null, HttpMethod.Patch, $"/api/v2/tokens/{id}", service.Admin, edit, type: "application/json-patch+json")).Is(HttpStatusCode.OK);
        Assert.Equal("10.1.0.0/16", await AddressesOf(own));
        (await service.From(Outside, HttpMethod.Get, $"/api/v2/tokens/{id}", secret)).Is(HttpStatusCode.Forbidden);
        (await service.From(Inside, HttpMethod.Get, $"/api/v2/tokens/{id}", secret)).Is(HttpStatusCode.OK);

        var path = $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens";
        var made = (await service.Post(path, service.Admin, new { name = "x" })).Result;
        (await Patch((string)made["id"]!, new { addresses = Ten })).Is(HttpStatusCode.OK);
        var rotated = (await service.Post($"{path}/{(string)made["id"]!}/rotate", service.Admin, null)).Is(HttpStatusCode.OK).Result;
        Assert.Equal("10.1.0.0/16", await AddressesOf((string)made["id"]!));
        foreach (var (from, status) in new[] { (Inside, HttpStatusCode.OK), (Outside, HttpStatusCode.Forbidden) })
        {
            (await service.Send(HttpMethod.Get, "/access/verify",
                [("CF-Access-Client-Id", (string)rotated["client_id"]!), ("CF-Access-Client-Secret", (string)rotated["client_secret"]!), ("X-Forwarded-For", from)])).Is(status);
        }
    }

    /// <summary>A job asks for each token when its turn comes, and not only when it was planned.</summary>
    [Fact]
    public async Task A_job_leaves_alone_what_was_let_go_farther_than_its_starter_since_the_plan()
    {
        var label = Guid.NewGuid().ToString("N");
        var starter = await Make();
        var (within, beyond) = (await Labelled(), await Labelled());
        var plan = (string)(await Revoke(new { filter = new[] { $"labels[eq]{label}" } }, "?dry_run=true")).Is(HttpStatusCode.OK).Json["plan"]!;
        (await Patch(beyond.Id, new { addresses = (string[]?)null })).Is(HttpStatusCode.OK);
        var job = (string)(await Revoke(new { plan })).Is(HttpStatusCode.Accepted).Json["id"]!;
        await Eventually.Holds(
            async () => (await service.Get($"/lifecycle/v1/jobs/{job}", service.Admin)).Json["ended_at"] is not null, "the job ends");
        var ended = (await service.Get($"/lifecycle/v1/jobs/{job}", service.Admin)).Json;
        Assert.Equal((2, 1, 1), ((int)ended["total"]!, (int)ended["done"]!, (int)ended["refused"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await service.Get($"{Root}/{within.Id}", service.Admin)).Status);
        Assert.True(await service.IsActive(beyond.Access));

        Task<Bound> Labelled() => Make(new { addresses = Ten, labels = new[] { label }, permission_set = "viewer" });

        Task<Answer> Revoke(object body, string query = "") =>
            service.From(Inside, HttpMethod.Post, $"{Root}/revoke{query}", starter.Access, body);
    }
}
