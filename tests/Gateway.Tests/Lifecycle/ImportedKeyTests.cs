using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Http;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What an imported key opens, and what becomes of it.</summary>
public sealed class ImportedKeyTests(Service service) : IClassFixture<Service>
{
    private Task<Answer> Access(string key, string query = "") =>
        service.Get($"/access/verify?organization_id={service.OrganizationId}{query}", key);

    private async Task<JsonObject> Command(string id, string command, object? body = null) =>
        (await service.Post($"/lifecycle/v1/tokens/{id}/{command}", service.Admin, body ?? new { })).Is(HttpStatusCode.OK).Json;

    [Theory]
    [InlineData("GET", "/v1/organization")]
    [InlineData("GET", "/v1/tokens")]
    [InlineData("GET", "/lifecycle/v1/tokens")]
    [InlineData("POST", "/lifecycle/v1/introspect")]
    [InlineData("GET", "/api/v2/tokens")]
    [InlineData("POST", "/mcp")]
    public async Task It_opens_nothing_of_this_service(string method, string path)
    {
        var key = NewKey();
        await service.ImportOne(Line(key, permissionSet: "administrator"));
        var answer = await service.Send(
            new HttpMethod(method), path, key, method == "POST" ? new { tokens = new[] { "x" } } : null);
        Assert.True(
            answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, $"{answer.Status}: {answer.Body}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Introspect(key, key)).Status);
    }

    [Fact]
    public async Task It_is_found_in_its_organization_only()
    {
        var key = NewKey();
        await service.ImportOne(Line(key));
        var (organization, _, foreign) = await service.NewOrganization();
        await service.Scheme(foreign.Access);
        Assert.Equal("""{"active":false}""", (await service.Introspect(foreign.Access, key)).Body);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await service.Get($"/access/verify?organization_id={organization}", key)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Get("/access/verify", key)).Status);

        // The same key is another token there.
        await service.ImportOne(Line(key), foreign.Access);
        Assert.True(await service.IsActiveKey(key));
        Assert.NotEqual(
            (string?)(await service.Introspect(service.Admin, key)).Json["jti"],
            (string?)(await service.Introspect(foreign.Access, key)).Json["jti"]);
    }

    /// <summary>Who imports tries a key at once, and may have tried it before.</summary>
    [Fact]
    public async Task A_key_of_a_scheme_that_was_just_made_is_found_though_it_was_asked_for_before()
    {
        var (_, _, maker) = await service.NewOrganization();
        var key = NewKey();
        Assert.Equal("""{"active":false}""", (await service.Introspect(maker.Access, key)).Body);
        await service.ImportOne(Line(key), maker.Access);
        Assert.True((bool)(await service.Introspect(maker.Access, key)).Json["active"]!);
    }

    /// <summary>The scheme was made at another gateway, of which nobody told this one.</summary>
    [Fact]
    public async Task A_key_of_a_scheme_that_was_made_elsewhere_is_found_after_two_seconds()
    {
        var (organization, _, maker) = await service.NewOrganization();
        var key = NewKey();
        Assert.Equal("""{"active":false}""", (await service.Introspect(maker.Access, key)).Body);
        var elsewhere = new ImportedKeys(
            service.Grains, service.Get<TokenGrains>(), service.Get<RateLimits>(), service.Clock);
        Assert.Null(await elsewhere.Find(organization, key, default));
        await service.ImportOne(Line(key), maker.Access);
        service.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.NotNull(await elsewhere.Find(organization, key, default));
    }

    [Fact]
    public async Task Access_verify_lets_it_in_with_its_identity_and_asks_its_grant_and_kind()
    {
        var key = NewKey();
        var id = await service.ImportOne(Line(key));
        var passed = (await Access(key)).Is(HttpStatusCode.OK);
        Assert.Equal(
            (id, "imported", "viewer"),
            (passed.Headers["X-Token-Id"], passed.Headers["X-Token-Kind"], passed.Headers["X-Token-Scope"]));
        (await Access(key, "&action=accounts:get")).Is(HttpStatusCode.OK);
        (await Access(key, "&action=accounts:delete")).Is(HttpStatusCode.Forbidden);
        (await Access(key, "&action=nonsense")).Is(HttpStatusCode.BadRequest);
        (await Access(key, "&kind=imported")).Is(HttpStatusCode.OK);
        (await Access(key, "&kind=organization")).Is(HttpStatusCode.Forbidden);
        (await Access(NewKey())).Is(HttpStatusCode.Unauthorized);
        (await Access(key[..^1] + (key[^1] == 'A' ? 'B' : 'A'))).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Many_at_once_are_introspected_and_counted()
    {
        var (key, other) = (NewKey(), NewKey());
        var id = await service.ImportOne(Line(key));
        await service.ImportOne(Line(other));
        var items = (await service.Post(
            "/lifecycle/v1/introspect", service.Admin, new { tokens = new[] { key, NewKey(), other, "x" } }))
            .Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal([true, false, true, false], items.Select(item => (bool)item!["active"]!));
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        var since = TimeProvider.System.GetTimestamp();
        while ((await service.Get($"/lifecycle/v1/tokens/{id}", service.Admin)).Json["last_used_at"] is null)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "the use is noted");
        }
    }

    [Fact]
    public async Task The_first_rotation_makes_a_pair_of_ours_and_the_key_keeps_the_deadline()
    {
        var key = NewKey();
        var id = await service.ImportOne(Line(key, permissionSet: "administrator"));
        var rotated = await Command(id, "rotate", new { deadline = service.Clock.GetUtcNow().AddHours(1) });
        var (access, refresh) = ((string)rotated["secrets"]!["access"]!, (string)rotated["secrets"]!["refresh"]!);
        Assert.Equal(("adhoc", "ta_imp_"), ((string)rotated["kind"]!, access[..7]));
        (await service.Get("/v1/organization", access)).Is(HttpStatusCode.OK);
        var old = (await service.Introspect(service.Admin, key)).Json;
        Assert.Equal((true, "secondary", id), ((bool)old["active"]!, (string)old["slot"]!, (string)old["jti"]!));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Get("/v1/organization", key)).Status);
        (await Access(key)).Is(HttpStatusCode.OK);

        // Who lets in by kind lets in the old key as before, and the new pair as any token of the organization.
        Assert.Equal("imported", (await Access(key, "&kind=imported")).Is(HttpStatusCode.OK).Headers["X-Token-Kind"]);
        Assert.Equal(
            "organization", (await Access(access, "&kind=organization")).Is(HttpStatusCode.OK).Headers["X-Token-Kind"]);
        Assert.Equal("imported", (string?)(await service.Introspect(service.Admin, key)).Json["profile"]);
        Assert.Equal("organization", (string?)(await service.Introspect(service.Admin, access)).Json["profile"]);

        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await service.IsActiveKey(key));
        Assert.True(await service.IsActive(access));
        var refreshed = await service.Put($"/v1/tokens/{id}/refresh", refresh);
        refreshed.Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task It_has_nothing_to_refresh_and_a_reset_leaves_nothing_of_it()
    {
        var key = NewKey();
        var id = await service.ImportOne(Line(key));
        var problem = Problem(
            await service.Post($"/lifecycle/v1/tokens/{id}/refresh", service.Admin, new { }), 409, "conflict");
        Assert.Contains("rotate", (string)problem["detail"]!);
        Assert.Equal(HttpStatusCode.Conflict, (await service.Put($"/v1/tokens/{id}/refresh", service.Admin)).Status);
        Assert.True(await service.IsActiveKey(key));
        var reset = await Command(id, "reset");
        Assert.False(await service.IsActiveKey(key));
        Assert.True(await service.IsActive((string)reset["secrets"]!["access"]!));
    }

    [Fact]
    public async Task Disabling_expiry_addresses_and_uses_hold_for_it()
    {
        var key = NewKey();
        var id = await service.ImportOne(Line(key));
        await Command(id, "disable");
        Assert.False(await service.IsActiveKey(key));
        (await Access(key)).Is(HttpStatusCode.Unauthorized);
        await Command(id, "enable");
        Assert.True(await service.IsActiveKey(key));

        var bound = NewKey();
        var line = Line(bound);
        line["addresses"] = new JsonArray("192.0.2.0/24");
        await service.ImportOne(line);
        Assert.False(await service.IsActiveKey(bound));
        (await Access(bound)).Is(HttpStatusCode.Forbidden);
        Dictionary<string, string> form = new() { ["token"] = bound, ["client_ip"] = "192.0.2.7" };
        Assert.True(
            (bool)(await service.Send(HttpMethod.Post, "/oauth2/introspect", service.Admin, form)).Json["active"]!);

        var counted = NewKey();
        line = Line(counted);
        line["uses"] = 3;
        await service.ImportOne(line);
        List<bool> accepted = [];
        for (var i = 0; i < 5; i++)
        {
            accepted.Add(await service.IsActiveKey(counted));
        }

        Assert.Equal([true, true, true, false, false], accepted);

        var ending = NewKey();
        line = Line(ending);
        line["life"] = "1h";
        await service.ImportOne(line);
        Assert.True(await service.IsActiveKey(ending));
        service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(await service.IsActiveKey(ending));
    }

    [Fact]
    public async Task It_is_revoked_by_its_holders_administrator_and_by_a_report_of_a_leak()
    {
        var (revoked, leaked, spared) = (NewKey(), NewKey(), NewKey());
        foreach (var key in new[] { revoked, leaked, spared })
        {
            await service.ImportOne(Line(key));
        }

        var (_, _, foreign) = await service.NewOrganization();
        (await service.Revoke(foreign.Access, revoked)).Is(HttpStatusCode.OK);
        Assert.True(await service.IsActiveKey(revoked));
        (await service.Revoke(service.Admin, revoked)).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActiveKey(revoked));

        (await service.Post("/lifecycle/v1/leaks", service.Admin, new { secrets = new[] { $"KEY='{leaked}' # {NewKey()}" } })).Is(HttpStatusCode.Accepted);
        Assert.False(await service.IsActiveKey(leaked));
        Assert.True(await service.IsActiveKey(spared));
    }

    [Fact]
    public async Task A_scheme_stays_while_a_token_accepts_a_key_of_it()
    {
        var scheme = (await service.Post(Schemes, service.Admin, new { name = "old", prefix = "old_", length = 36 })).Is(HttpStatusCode.Created).Json;
        var (route, key) = ($"{Schemes}/{(string)scheme["id"]!}", NewKey("old_"));
        var job = await service.Ended(await service.Import(Lines(Line(key, "old"))));
        var id = (string)(await service.Results(job))[0]["id"]!;
        var problem = Problem(await service.Delete(route, service.Admin), 409, "conflict");
        Assert.Contains("1 tokens still accept", (string)problem["detail"]!);
        await Command(id, "rotate");
        Problem(await service.Delete(route, service.Admin), 409, "conflict");
        (await service.Post($"/lifecycle/v1/tokens/{id}/remove-secondary", service.Admin, new { })).Is(HttpStatusCode.OK);
        (await service.Delete(route + "?dry_run=true", service.Admin)).Is(HttpStatusCode.OK);
        (await service.Delete(route, service.Admin)).Is(HttpStatusCode.NoContent);
        Problem(await service.Delete(route, service.Admin), 404, "not-found");
    }

    [Theory]
    [InlineData("""{"name":"x","prefix":"abc","length":40}""", 400, "/prefix")]
    [InlineData("""{"name":"x","prefix":"ta_org_","length":80}""", 400, "/prefix")]
    [InlineData("""{"name":"x","prefix":"api-","length":80}""", 400, "/prefix")]
    [InlineData("""{"name":"x","prefix":"weak_","random_characters":12}""", 400, "/accept_low_entropy")]
    [InlineData("""{"name":"x","prefix":"weak_"}""", 400, "/length")]
    [InlineData("""{"name":"x","prefix":"weak_","length":40,"random_characters":35}""", 400, "/length")]
    [InlineData("""{"name":"x","prefix":"weak_","length":400}""", 400, "/length")]
    [InlineData("""{"prefix":"weak_","length":40}""", 400, "/name")]
    [InlineData("""{"name":"x","prefix":"weak_","length":40,"more":1}""", 400, "/more")]
    [InlineData("""{"name":"acme","prefix":"weak_","length":40}""", 409, "/name")]
    [InlineData("""{"name":"x","prefix":"acme_live_","length":40}""", 409, "/prefix")]
    [InlineData("""{"name":"x","prefix":"acme","length":40}""", 409, "/prefix")]
    public async Task What_is_wrong_with_a_scheme_is_told(string body, int status, string pointer)
    {
        await service.Scheme();
        Problem(
            await service.Post(Schemes, service.Admin, JsonNode.Parse(body)), status,
            status == 400 ? "invalid-request" : "conflict", pointer);
    }

    [Fact]
    public async Task Few_random_characters_have_to_be_accepted_and_schemes_are_listed()
    {
        var made = (await service.Post(
            Schemes, service.Admin,
            new { name = "pin", prefix = "pin_", random_characters = 6, accept_low_entropy = true }))
            .Is(HttpStatusCode.Created).Json;
        Assert.Equal(
            (10, 6, true), ((int)made["length"]!, (int)made["random_characters"]!, (bool)made["accept_low_entropy"]!));
        var listed = (await service.Get(Schemes, service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Contains(listed, scheme => (string)scheme!["id"]! == (string)made["id"]!);
    }

    [Fact]
    public async Task It_is_noted_masked_and_is_no_text_of_anything_that_is_shown()
    {
        var key = NewKey();
        await service.ImportOne(Line(key));

        // A gateway keeps for a minute which schemes an organization has.
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        foreach (var path in new[] { $"/lifecycle/v1/tokens/{key}", $"/v1/tokens/{key}" })
        {
            await service.Send(
                HttpMethod.Delete, path, [("Authorization", "Bearer " + service.Admin), ("User-Agent", key)], null);
        }

        object[] bodies =
        [
            new { permission_set = "viewer", name = key }, new { permission_set = "viewer", full_name = $"the {key}" },
            new { permission_set = "viewer", description = $"is {key}" },
            new { permission_set = "viewer", contact = key },
            new { permission_set = "viewer", labels = new[] { "a", key } },
        ];
        foreach (var body in bodies)
        {
            var refused = await service.Post("/lifecycle/v1/tokens", service.Admin, body);
            Problem(refused, 400, "invalid-request");
            Assert.Contains("import scheme", refused.Body, StringComparison.Ordinal);
            Assert.DoesNotContain(key, refused.Body, StringComparison.Ordinal);
        }

        Assert.Contains("import scheme", (await service.Post("/v1/accounts", service.Admin, new { fullname = key })).Is(HttpStatusCode.BadRequest).Body, StringComparison.Ordinal);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        Assert.Contains(
            "import scheme",
            (await service.Send(
                HttpMethod.Patch, $"/v1/accounts/{account}", service.Admin,
                new[] { new { op = "replace", path = "/fullname", value = key } }))
                .Is(HttpStatusCode.BadRequest).Body,
            StringComparison.Ordinal);
        (string Method, string Path, object Body)[] ofFacades =
        [
            ("POST", "/api/v2/token", new { name = key, type = "global", permissions = new[] { "**/**" } }),
            ("POST", "/api/v2/tokens", new { name = key, role = "reader" }),
            ("PATCH", $"/api/v2/tokens/{account}", new { comment = "x", patch = new[] { new { op = "replace", path = "/description", value = $"x {key}" } } }),
            ("PATCH", $"/api/v2/tokens/{account}", new[] { new { op = "replace", path = "/name", value = key } }),
        ];
        foreach (var (method, path, body) in ofFacades)
        {
            var refused = await service.Send(
                new HttpMethod(method), path,
                [("Authorization", path == "/api/v2/token" ? $"Bearer {service.Admin}" : service.Admin)], body);
            Assert.True(refused.Status == HttpStatusCode.BadRequest && refused.Body.Contains("import scheme", StringComparison.Ordinal), $"{method} {path}: {refused.Status} {refused.Body}");
        }

        var line = Line(NewKey());
        line["description"] = key;
        Problem(await service.Import(Lines(line)), 400, "invalid-request", "/description");

        var audit = (await service.Get("/lifecycle/v1/audit?limit=1000", service.Admin)).Is(HttpStatusCode.OK).Body;
        Assert.DoesNotContain(key, audit, StringComparison.Ordinal);
        Assert.Contains($"/v1/tokens/acme_…{key[^4..]}", audit, StringComparison.Ordinal);
        Assert.DoesNotContain(
            key, (await service.Get("/lifecycle/v1/tokens?limit=1000", service.Admin)).Body, StringComparison.Ordinal);
    }
}
