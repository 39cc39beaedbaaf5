using System.Net;

namespace TokenActors.Gateway.Tests.Management;

[Collection("service")]
public sealed class TokenRouteTests(Service service)
{
    private static readonly string[] MintingFields =
        ["name", "created_at", "updated_at", "id", "fullname", "member_id", "owner_id", "owner_type", "expires", "token_ttl", "token_type", "primary"];

    [Fact]
    public async Task Create_201_answers_the_whole_record_with_its_secrets()
    {
        var answer = (await service.Post(
            "/v1/tokens", service.Admin,
            new { fullname = "My First Token", permission_set = "viewer", resources = new { }, token_ttl = "90m" }))
            .Is(HttpStatusCode.Created);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var token = answer.Result.AsObject();
        Assert.Equal(MintingFields, token.Select(p => p.Key));
        Assert.Equal("my-first-token", (string)token["name"]!);
        Assert.Equal("My First Token", (string)token["fullname"]!);
        Assert.Equal("90m", (string)token["token_ttl"]!);
        Assert.Equal("adhoc", (string)token["token_type"]!);
        Assert.Equal("organization", (string)token["owner_type"]!);
        Assert.Equal(service.OrganizationId, (string)token["owner_id"]!);
        var permissions = token["primary"]!["access"]!["permissions"]!;
        Assert.Equal("viewer", (string)permissions["adhoc_role"]!["permission_set"]!);
        Assert.Equal(service.DefaultTokenId, (string)permissions["parent_id"]!);
        Assert.Matches("^ta_org_[0-9A-Za-z]{71}$", (string)token["primary"]!["access"]!["secret"]!);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$", (string)token["created_at"]!);
    }

    [Fact]
    public async Task Create_without_names_takes_the_id()
    {
        var token = (await service.Post("/v1/tokens", service.Admin, new { permission_set = "viewer", resources = new { } })).Result;
        Assert.Equal((string)token["id"]!, (string)token["name"]!);
        Assert.Equal((string)token["id"]!, (string)token["fullname"]!);
        Assert.Equal("24h", (string)token["token_ttl"]!);
    }

    [Theory]
    [InlineData("""{"permission_set":"viewer"}""", "/resources")]
    [InlineData("""{"resources":{}}""", "/permission_set")]
    [InlineData("""{"resources":{},"permission_set":"emperor"}""", "/permission_set")]
    [InlineData("""{"resources":[],"permission_set":"viewer"}""", "/resources")]
    [InlineData("""{"resources":{},"permission_set":7}""", "/permission_set")]
    [InlineData("""{"resources":{},"permission_set":"viewer","scopes":[]}""", "/scopes")]
    [InlineData("""{"resources":{},"permission_set":"viewer","a/b~c":1}""", "/a~1b~0c")]
    [InlineData("""{"resources":{"account":{}},"permission_set":"viewer"}""", "/resources/account")]
    [InlineData("""{"resources":{"accounts":{}},"permission_set":"viewer"}""", "/resources/accounts/ids")]
    [InlineData("""{"resources":{"accounts":{"ids":"a"}},"permission_set":"viewer"}""", "/resources/accounts/ids")]
    [InlineData("""{"resources":{"accounts":{"ids":[]}},"permission_set":"viewer"}""", "/resources/accounts/ids")]
    [InlineData("""{"resources":{"accounts":{"ids":["a",3]}},"permission_set":"viewer"}""", "/resources/accounts/ids/1")]
    [InlineData("""{"resources":{"accounts":{"ids":["name-of-an-account"]}},"permission_set":"viewer"}""", "/resources/accounts/ids")]
    [InlineData("""{"resources":{"organizations":{"ids":["root"]}},"permission_set":"viewer"}""", "/resources/organizations/ids")]
    [InlineData("""{"resources":{"integrations":{"categories":["nothing"]}},"permission_set":"viewer"}""", "/resources/integrations/categories")]
    [InlineData("""{"resources":{"accounts":{"ids":["*"],"environments":["dev"]}},"permission_set":"viewer"}""", "/resources/accounts/environments")]
    [InlineData("""{"resources":{},"permission_set":"viewer","name":"with space"}""", "/name")]
    [InlineData("""{"resources":{},"permission_set":"viewer","name":""}""", "/name")]
    [InlineData("""{"resources":{},"permission_set":"viewer","fullname":"a\u0000b"}""", "/fullname")]
    [InlineData("""{"resources":{},"permission_set":"viewer","fullname":"\ud800"}""", "/fullname")]
    [InlineData("""{"resources":{},"permission_set":"viewer","token_ttl":"soon"}""", "/token_ttl")]
    [InlineData("""{"resources":{},"permission_set":"viewer","token_ttl":"-1h"}""", "/token_ttl")]
    [InlineData("""{"resources":{},"permission_set":"viewer","token_ttl":"0s"}""", "/token_ttl")]
    [InlineData("""{"resources":{},"permission_set":"viewer","token_ttl":"9999999h"}""", "/token_ttl")]
    [InlineData("""{"resources":{},"permission_set":"viewer","token_ttl":"8761h"}""", "/token_ttl")]
    [InlineData("""{"resources":{},"permission_set":"viewer","token_ttl":3600}""", "/token_ttl")]
    [InlineData("""{"resources":{},"permission_set":"viewer",}""", "")]
    [InlineData("""{"resources":{},"resources":{},"permission_set":"viewer"}""", "/resources")]
    [InlineData("""{"resources":{"accounts":{"ids":["*"],"ids":["*"]}},"permission_set":"viewer"}""", "/resources/accounts/ids")]
    [InlineData("""[1]""", "")]
    [InlineData("""{""", "")]
    [InlineData("\u0000", "")]
    public async Task Create_400_points_at_what_is_wrong(string body, string pointer) =>
        (await service.Post("/v1/tokens", service.Admin, body)).IsProblem(HttpStatusCode.BadRequest, pointer);

    [Fact]
    public async Task Create_400_reports_everything_that_is_wrong()
    {
        var problem = (await service.Post("/v1/tokens", service.Admin, """{"name":"a b","token_ttl":"x","more":1}""")).IsProblem(HttpStatusCode.BadRequest).Json;
        Assert.Equal(
            ["/name", "/resources", "/permission_set", "/token_ttl", "/more"],
            problem["cause"]!.AsArray().Select(c => (string)c!["context"]!["parameter"]!["id"]!));
    }

    [Fact]
    public async Task Create_415_for_another_content_type_and_413_for_too_much()
    {
        (await service.Send(HttpMethod.Post, "/v1/tokens", service.Admin, "a=b", contentType: "text/plain")).IsProblem(
            HttpStatusCode.UnsupportedMediaType);
        (await service.Post("/v1/tokens", service.Admin, "\"" + new string('x', 1024 * 1024) + "\"")).IsProblem(
            HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Create_409_for_a_name_in_any_letter_case()
    {
        await service.Create(name: "twin");
        (await service.Post("/v1/tokens", service.Admin, new { name = "TWIN", permission_set = "viewer", resources = new { } })).IsProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Create_403_names_what_is_too_much()
    {
        var narrow = await service.Create(
            resources: new { accounts = new { ids = new[] { "0195f3c2-5c0b-7a7f-8f2e-0000000000a1" } } });
        var problem = (await service.Post("/v1/tokens", narrow.Access, new { permission_set = "viewer", resources = new { accounts = new { ids = new[] { "0195f3c2-5c0b-7a7f-8f2e-0000000000a2" } } } }))
            .IsProblem(HttpStatusCode.Forbidden).Json;
        Assert.Contains("resources.accounts.ids", (string)problem["detail"]!);
        var viewer = await service.Create("viewer");
        (await service.Post("/v1/tokens", viewer.Access, new { permission_set = "viewer", resources = new { } })).IsProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Create_inherits_the_kinds_that_are_left_out()
    {
        var narrow = await service.Create(resources: new { accounts = new { ids = new[] { "0195f3c2-5c0b-7a7f-8f2e-0000000000a1" }, environments = new[] { "test" } } });
        var child = (await service.Post("/v1/tokens", narrow.Access, new { permission_set = "viewer", resources = new { integrations = new { categories = new[] { "siem" } } } }))
            .Is(HttpStatusCode.Created).Result;
        var resources = child["primary"]!["access"]!["permissions"]!["adhoc_role"]!["resources"]!;
        Assert.Equal("""{"accounts":{"ids":["0195f3c2-5c0b-7a7f-8f2e-0000000000a1"],"environments":["test"]},"integrations":{"categories":["siem"]}}""", resources.ToJsonString());
        Assert.Equal(narrow.Id, (string)child["primary"]!["access"]!["permissions"]!["parent_id"]!);
    }

    [Fact]
    public async Task Info_200_shows_secrets_masked_and_finds_by_name()
    {
        var made = await service.Create(name: "shown");
        foreach (var path in new[] { made.Id, "shown", "SHOWN" })
        {
            var answer = (await service.Get($"/v1/tokens/{path}/info", service.Admin)).Is(HttpStatusCode.OK);
            Assert.Equal("ta_org_…" + made.Access[^4..], (string)answer.Result["primary"]!["access"]!["secret"]!);
            Assert.Equal("ta_org_…" + made.Refresh[^4..], (string)answer.Result["primary"]!["refresh"]!["secret"]!);
            Assert.DoesNotContain(made.Access, answer.Body);
        }
    }

    [Fact]
    public async Task Info_404_for_unknown_foreign_and_odd_ids_alike()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var bodies = new List<string>();
        foreach (var id in new[] { Guid.NewGuid().ToString(), foreign.Id, "nobody", "a%2Fb", "%F0%9F%98%80", new string('x', 300) })
        {
            var problem = (await service.Get($"/v1/tokens/{id}/info", service.Admin)).IsProblem(HttpStatusCode.NotFound).Json;
            bodies.Add((string)problem["message"]!);
        }

        Assert.Single(bodies.Distinct());
    }

    [Fact]
    public async Task Info_shows_a_token_itself_and_its_own_members_but_a_stranger_nothing()
    {
        var member = await service.Create("member");
        (await service.Get($"/v1/tokens/{member.Id}/info", member.Access)).Is(HttpStatusCode.OK);
        (await service.Get($"/v1/tokens/{service.DefaultTokenId}/info", member.Access)).IsProblem(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Refresh_200_rotates_and_both_pairs_work()
    {
        var made = await service.Create();
        var answer = (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        var next = Made.From(answer);
        Assert.NotEqual(made.Access, next.Access);
        Assert.Equal("ta_org_…" + made.Access[^4..], (string)answer.Result["secondary"]!["access"]!["secret"]!);
        Assert.True(await service.IsActive(made.Access));
        Assert.True(await service.IsActive(next.Access));
        (await service.Get("/v1/organization", next.Access)).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", next.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refresh_of_a_lost_answer_gives_the_same_pair_by_id_and_by_name()
    {
        var made = await service.Create(name: "lost");
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        Assert.Equal(next, Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)));
        Assert.Equal(next, Made.From(await service.Put("/v1/tokens/lost/refresh", made.Refresh)));
        await service.RestartAsync();
        Assert.Equal(next, Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)));
    }

    [Fact]
    public async Task Refresh_401_for_a_replay_after_the_grace_which_is_audited()
    {
        var made = await service.Create();
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        await service.IsActive(next.Access);
        service.Clock.Advance(TimeSpan.FromSeconds(61));
        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Contains(
            await service.Store.AuditOf(made.Id), a => a.Event == "token.reuse_detected" && a.Method == "PUT");
        Assert.True(await service.IsActive(next.Access));
    }

    [Fact]
    public async Task Refresh_401_for_a_replay_under_the_tokens_name_which_is_audited_as_by_its_id()
    {
        var made = await service.Create(name: "replayed-by-name");
        var first = Made.From(await service.Put("/v1/tokens/Replayed-By-Name/refresh", made.Refresh));
        var second = Made.From(await service.Put("/v1/tokens/replayed-by-name/refresh", first.Refresh));
        await service.IsActive(second.Access);
        service.Clock.Advance(TimeSpan.FromSeconds(61));
        foreach (var old in new[] { made.Refresh, first.Refresh })
        {
            (await service.Put("/v1/tokens/another-name/refresh", old)).IsProblem(HttpStatusCode.Unauthorized);
            Assert.DoesNotContain(await service.Store.AuditOf(made.Id), a => a.Event == "token.reuse_detected");
        }

        (await service.Put("/v1/tokens/replayed-by-name/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Single(
            await service.Store.AuditOf(made.Id), a => a.Event == "token.reuse_detected" && a.Method == "PUT");
        service.Clock.Advance(TimeSpan.FromSeconds(61));
        (await service.Put("/v1/tokens/replayed-by-name/refresh", first.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Equal(2, (await service.Store.AuditOf(made.Id)).Count(a => a.Event == "token.reuse_detected"));
        Assert.True(await service.IsActive(second.Access));
    }

    [Fact]
    public async Task Refresh_401_superseded_after_an_administrator_rotated()
    {
        var made = await service.Create();
        (await service.Put($"/v1/tokens/{service.OrganizationId}/{made.Id}/rotate", service.Admin)).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        var problem = (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized).Json;
        Assert.EndsWith(":superseded", (string)problem["type"]!);
        Assert.DoesNotContain(await service.Store.AuditOf(made.Id), a => a.Event == "token.reuse_detected");
    }

    [Fact]
    public async Task Refresh_by_an_administrators_access_secret_is_a_rotation()
    {
        var made = await service.Create();
        var next = Made.From((await service.Put($"/v1/tokens/{made.Id}/refresh", service.Admin)).Is(HttpStatusCode.OK));
        Assert.True(await service.IsActive(next.Access));
        Assert.Contains(await service.Store.AuditOf(made.Id), a => a.Event == "token.rotated");
        var viewer = await service.Create("viewer");
        (await service.Put($"/v1/tokens/{made.Id}/refresh", viewer.Access)).IsProblem(HttpStatusCode.Forbidden);
        (await service.Put($"/v1/tokens/{made.Id}/refresh", viewer.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Rotate_200_and_404_for_another_owner()
    {
        var made = await service.Create(name: "rotated");
        foreach (var owner in new[] { service.OrganizationId, "root", "ROOT" })
        {
            (await service.Put($"/v1/tokens/{owner}/rotated/rotate", service.Admin)).Is(HttpStatusCode.OK);
        }

        (await service.Put($"/v1/tokens/{Guid.NewGuid()}/{made.Id}/rotate", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Put($"/v1/tokens/nobody/{made.Id}/rotate", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Put($"/v1/tokens/{service.OrganizationId}/nobody/rotate", service.Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Reset_200_kills_everything_earlier_and_revives()
    {
        var made = await service.Create();
        var refreshed = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        service.Clock.Advance(TimeSpan.FromDays(8));
        var admin = Made.From((await service.Put($"/v1/tokens/{service.DefaultTokenId}/refresh", (string)service.Bootstrap["refresh_secret"]!)).Is(HttpStatusCode.OK));
        var reset = (await service.Put($"/v1/tokens/{service.OrganizationId}/{made.Id}/reset", admin.Access)).Is(HttpStatusCode.OK);
        Assert.Null(reset.Result["secondary"]);
        (await service.Get("/v1/organization", Made.From(reset).Access)).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", refreshed.Access)).IsProblem(HttpStatusCode.Unauthorized);
        (await service.Put($"/v1/tokens/{made.Id}/refresh", refreshed.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
        await RestoreDefault(admin);
    }

    /// <summary>Brings the collection's clock-worn default token back to a fresh day.</summary>
    private async Task RestoreDefault(Made admin)
    {
        service.Bootstrap["access_secret"] = admin.Access;
        service.Bootstrap["refresh_secret"] = admin.Refresh;
        await File.WriteAllTextAsync(Path.Combine(service.Folder, "bootstrap.json"), service.Bootstrap.ToJsonString());
    }

    [Fact]
    public async Task Remove_secondary_204_also_where_there_is_none()
    {
        var made = await service.Create();
        var next = Made.From(await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh));
        var answer = (await service.Delete($"/v1/tokens/{made.Id}/secondary", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.Equal("", answer.Body);
        (await service.Delete($"/v1/tokens/{made.Id}/secondary", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(made.Access));
        Assert.True(await service.IsActive(next.Access));
        (await service.Delete($"/v1/tokens/{Guid.NewGuid()}/secondary", service.Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Delete_204_ends_both_pairs_and_then_404()
    {
        var made = await service.Create(name: "doomed");
        (await service.Delete("/v1/tokens/doomed", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(made.Access));
        (await service.Delete($"/v1/tokens/{made.Id}", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Get($"/v1/tokens/{made.Id}/info", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Delete_409_for_a_default_token_and_204_for_oneself()
    {
        (await service.Delete($"/v1/tokens/{service.DefaultTokenId}", service.Admin)).IsProblem(HttpStatusCode.Conflict);
        var viewer = await service.Create("viewer");
        var other = await service.Create("viewer");
        (await service.Delete($"/v1/tokens/{other.Id}", viewer.Access)).IsProblem(HttpStatusCode.Forbidden);
        (await service.Delete($"/v1/tokens/{viewer.Id}", viewer.Access)).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Mcp_201_answers_a_single_token_with_its_scope()
    {
        var answer = (await service.Post("/v1/tokens/mcp", service.Admin, new { scope = new { type = "management", environment = "test" } })).Is(HttpStatusCode.Created);
        var token = answer.Result.AsObject();
        Assert.Equal(["secret", "expires", "permissions", "claims"], token.Select(p => p.Key));
        Assert.Equal("""{"scope":{"type":"management","environment":"test"}}""", token["claims"]!.ToJsonString());
        var secret = (string)token["secret"]!;
        Assert.StartsWith("ta_mcp_", secret);
        (await service.Get("/v1/organization", secret)).IsProblem(HttpStatusCode.Unauthorized);
        var introspection = (await service.Introspect(service.Admin, secret)).Json;
        Assert.Equal("mcp", (string)introspection["profile"]!);
        Assert.Equal("management", (string)introspection["claims"]!["scope"]!["type"]!);
        var id = (string)token["permissions"]!["id"]!;
        (await service.Get($"/v1/tokens/{id}/info", service.Admin)).Is(HttpStatusCode.OK);
        Assert.DoesNotContain(id, (await service.Get("/v1/tokens?limit=1000", service.Admin)).Body);
        (await service.Delete($"/v1/tokens/{id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(secret));
    }

    [Theory]
    [InlineData("""{}""", HttpStatusCode.BadRequest, "/scope")]
    [InlineData("""{"scope":{}}""", HttpStatusCode.BadRequest, "/scope/type")]
    [InlineData("""{"scope":{"type":"everything"}}""", HttpStatusCode.BadRequest, "/scope/type")]
    [InlineData("""{"scope":{"type":"management","environment":"dev"}}""", HttpStatusCode.BadRequest, "/scope/environment")]
    [InlineData("""{"scope":{"type":"developer"}}""", HttpStatusCode.BadRequest, "/scope/account_id")]
    [InlineData("""{"scope":{"type":"management"},"token_ttl":"25h"}""", HttpStatusCode.BadRequest, "/token_ttl")]
    [InlineData("""{"scope":{"type":"management","account_id":"a"}}""", HttpStatusCode.NotFound, null)]
    [InlineData("""{"scope":{"type":"developer","account_id":"a"}}""", HttpStatusCode.NotFound, null)]
    [InlineData("""{"scope":{"type":"integration-usage","account_id":"a","restrict_to_connector_operations":["siem_query_events"]}}""", HttpStatusCode.NotFound, null)]
    [InlineData("""{"scope":{"type":"integration-usage","account_id":"a","restrict_to_connector_operations":["x"]}}""", HttpStatusCode.BadRequest, "/scope/restrict_to_connector_operations")]
    public async Task Mcp_refuses(string body, HttpStatusCode status, string? pointer) =>
        (await service.Post("/v1/tokens/mcp", service.Admin, body)).IsProblem(status, pointer);

    [Fact]
    public async Task Integration_and_synqly_tokens_refuse_what_is_wrong()
    {
        (await service.Post("/v1/tokens/account/integration", service.Admin, null)).IsProblem(HttpStatusCode.NotFound);
        (await service.Post("/v1/tokens/account/integration", service.Admin, """{"token_ttl":"x"}""")).IsProblem(HttpStatusCode.BadRequest, "/token_ttl");
        (await service.Post("/v1/tokens/synqly-integrations", service.Admin, """{"x":1}""")).IsProblem(HttpStatusCode.BadRequest, "/x");
    }

    [Fact]
    public async Task List_200_pages_orders_and_filters()
    {
        var (_, _, other) = await service.NewOrganization();
        for (var i = 0; i < 7; i++)
        {
            await service.Create("viewer", bearer: other.Access, name: $"n{i}");
        }

        async Task<string> Names(string query) =>
            string.Join(' ', (await service.Get("/v1/tokens" + query, other.Access)).Is(HttpStatusCode.OK).Result.AsArray().Select(t => (string)t!["name"]!));

        Assert.Equal("default n0 n1 n2 n3 n4 n5 n6", await Names(""));
        Assert.Equal("default n0 n1", await Names("?limit=3"));
        Assert.Equal("n2 n3 n4", await Names("?limit=3&start_after=n1"));
        Assert.Equal("n6 n5", await Names("?limit=2&order=name%5Bdesc%5D"));
        Assert.Equal("n4 n3", await Names("?limit=2&order=name[desc]&start_after=n5"));
        Assert.Equal("n1 n3", await Names("?filter=name[in]n1,n3,x"));
        Assert.Equal("n0 n1 n2 n3 n4 n5 n6", await Names("?filter=token_type[eq]adhoc&filter=name[like]N*"));
        Assert.Equal("", await Names("?filter=created_at[gt]2999-01-01T00:00:00Z"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("order=secret", "order")]
    [InlineData("order=name[sideways]", "order")]
    [InlineData("filter=name", "filter")]
    [InlineData("filter=name[is]x", "filter")]
    [InlineData("filter=created_at[gt]soon", "filter")]
    [InlineData("filter=name[eq]%00", "filter")]
    [InlineData("order=created_at&start_after=nobody", "start_after")]
    public async Task List_400_names_the_parameter(string query, string parameter) =>
        (await service.Get("/v1/tokens?" + query, service.Admin)).IsProblem(HttpStatusCode.BadRequest, parameter);

    [Fact]
    public async Task Every_route_is_401_with_one_body_whatever_is_wrong_with_the_bearer()
    {
        var expired = await service.Create(ttl: "1s");
        service.Clock.Advance(TimeSpan.FromSeconds(2));
        var revoked = await service.Create();
        await service.Delete($"/v1/tokens/{revoked.Id}", service.Admin);
        var typo = service.Admin[..^1] + (service.Admin[^1] == 'a' ? 'b' : 'a');
        string?[] bearers = [null, "", "nonsense", typo, expired.Access, revoked.Access, expired.Refresh];
        HashSet<string> bodies = [];
        foreach (var bearer in bearers)
        {
            foreach (var (method, path) in Routes("x"))
            {
                var answer = (await service.Send(method, path, bearer)).IsProblem(HttpStatusCode.Unauthorized);
                Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
                bodies.Add((string)answer.Json["message"]! + (string)answer.Json["type"]!);
            }
        }

        Assert.Single(bodies);
    }

    [Fact]
    public async Task Every_route_is_403_without_its_permission_and_402_for_a_disabled_organization()
    {
        var issuer = await service.Create("token-issuer");
        foreach (var (method, path) in Routes(service.DefaultTokenId).Where(r => !r.Path.Contains("integration")))
        {
            (await service.Send(method, path, issuer.Access, method == HttpMethod.Post ? "{}" : null)).IsProblem(HttpStatusCode.Forbidden);
        }

        var (organization, _, token) = await service.NewOrganization();
        await service.Grains.GetGrain<Grains.Abstractions.Organizations.IOrganizationGrain>(organization.ToString())
            .SetStatus(new() { CommandId = Guid.NewGuid() }, Domain.Organizations.OrganizationStatus.Disabled);
        foreach (var (method, path) in Routes(token.Id))
        {
            (await service.Send(method, path, token.Access)).IsProblem(HttpStatusCode.PaymentRequired);
        }

        (await service.Put($"/v1/tokens/{token.Id}/refresh", token.Refresh)).IsProblem(HttpStatusCode.PaymentRequired);
    }

    [Fact]
    public async Task A_narrowed_administrator_gets_at_nothing_wider_by_any_route()
    {
        var wide = await service.Create();
        var narrow = await service.Create(
            resources: new { accounts = new { ids = new[] { "0195f3c2-5c0b-7a7f-8f2e-0000000000a1" } } });
        var owner = service.OrganizationId;
        foreach (var id in new[] { wide.Id, service.DefaultTokenId })
        {
            (await service.Put($"/v1/tokens/{owner}/{id}/rotate", narrow.Access)).IsProblem(HttpStatusCode.Forbidden);
            (await service.Put($"/v1/tokens/{owner}/{id}/reset", narrow.Access)).IsProblem(HttpStatusCode.Forbidden);
            (await service.Put($"/v1/tokens/{id}/refresh", narrow.Access)).IsProblem(HttpStatusCode.Forbidden);
            (await service.Delete($"/v1/tokens/{id}/secondary", narrow.Access)).IsProblem(HttpStatusCode.Forbidden);
            (await service.Delete($"/v1/tokens/{id}", narrow.Access)).Is(HttpStatusCode.Forbidden);
        }

        (await service.Revoke(narrow.Access, wide.Access)).Is(HttpStatusCode.Forbidden);
        (await service.Post("/v1/tokens", narrow.Access, """{"permission_set":"viewer","resources":{"accounts":{"ids":["*"]}}}""")).IsProblem(HttpStatusCode.Forbidden);
        var child = Made.From((await service.Post("/v1/tokens", narrow.Access, """{"permission_set":"administrator","resources":{}}""")).Is(HttpStatusCode.Created));
        var shown = (await service.Get($"/v1/tokens/{child.Id}/info", service.Admin)).Result["primary"]!["access"]!["permissions"]!["adhoc_role"]!["resources"]!;
        Assert.Equal("""{"accounts":{"ids":["0195f3c2-5c0b-7a7f-8f2e-0000000000a1"]}}""", shown.ToJsonString());
        Assert.DoesNotContain(wide.Access, (await service.Introspect(narrow.Access, wide.Access)).Body);
        Assert.True(await service.IsActive(wide.Access));
    }

    [Fact]
    public async Task Unrouted_requests_are_problems_too()
    {
        (await service.Get("/v1/nothing", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Send(HttpMethod.Patch, "/v1/tokens", service.Admin)).IsProblem(HttpStatusCode.MethodNotAllowed);
        (await service.Get("/", null)).IsProblem(HttpStatusCode.NotFound);
        foreach (var path in new[] { "/v1/meta/openapi/x", "/v1/meta/openapi", "/v1/meta/openapi/management/x", "/v1/meta/x" })
        {
            (await service.Get(path, null)).IsProblem(HttpStatusCode.NotFound);
        }
    }

    private IEnumerable<(HttpMethod Method, string Path)> Routes(string id) =>
    [
        (HttpMethod.Get, "/v1/tokens"), (HttpMethod.Post, "/v1/tokens"), (HttpMethod.Post, "/v1/tokens/mcp"),
        (HttpMethod.Post, "/v1/tokens/a/integration"), (HttpMethod.Post, "/v1/tokens/synqly-integrations"),
        (HttpMethod.Get, $"/v1/tokens/{id}/info"),
        (HttpMethod.Delete, $"/v1/tokens/{id}"), (HttpMethod.Delete, $"/v1/tokens/{id}/secondary"),
        (HttpMethod.Put, $"/v1/tokens/{service.OrganizationId}/{id}/reset"),
        (HttpMethod.Put, $"/v1/tokens/{service.OrganizationId}/{id}/rotate"),
        (HttpMethod.Put, $"/v1/tokens/{id}/refresh"), (HttpMethod.Get, "/v1/organization"),
        (HttpMethod.Post, "/v1/auth/change_password"),
    ];
}
