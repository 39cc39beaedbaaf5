using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Members and tokens are bound to a role, not to its name.</summary>
[Collection("service")]
public sealed class RoleBindingTests(Service service)
{
    private const string Password = "correct horse battery";

    private readonly string _role = $"r{Guid.NewGuid():N}"[..20];

    [Fact]
    public async Task A_role_made_anew_under_its_name_gives_nothing_to_who_had_the_old_one()
    {
        await Role("viewer");
        var (id, name) = await Member();
        var session = await Session(name);
        (await service.Get("/v1/accounts", session)).Is(HttpStatusCode.OK);
        (await service.Delete($"/v1/roles/{_role}", service.Admin)).Is(HttpStatusCode.NoContent);
        (await service.Get("/v1/accounts", session)).Is(HttpStatusCode.Forbidden);

        await Role("administrator");
        (await service.Get("/v1/accounts", session)).Is(HttpStatusCode.Forbidden);
        (await service.Get("/v1/accounts", await Session(name))).Is(HttpStatusCode.Forbidden);

        // A role that is gone is not shown, so that a change that sends the whole member binds it to nothing new.
        var shown = (await service.Get($"/v1/members/{id}", service.Admin)).Is(HttpStatusCode.OK).Result.AsObject();
        Assert.Empty(shown["role_binding"]!.AsArray());
        shown["nickname"] = "nick";
        (await service.Send(HttpMethod.Put, $"/v1/members/{id}", service.Admin, shown)).Is(HttpStatusCode.OK);
        (await service.Get("/v1/accounts", await Session(name))).Is(HttpStatusCode.Forbidden);
        await service.RestartAsync();
        (await service.Get("/v1/accounts", await Session(name))).Is(HttpStatusCode.Forbidden);

        // Given by its name, it is the role of that name today.
        await Bind(id, [_role]);
        (await service.Get("/v1/accounts", await Session(name))).Is(HttpStatusCode.OK);
    }

    /// <summary>As other names do, those of built-in roles compare without regard to case, and are shown as they
    /// are.</summary>
    [Fact]
    public async Task A_built_in_role_is_found_in_any_letter_case_and_its_name_is_nobodys()
    {
        var name = $"m{Guid.NewGuid():N}@example.com";
        var made = (await service.Post("/v1/members", service.Admin, new { name, secret = Password, role_binding = new[] { "Viewer", "viewer" } })).Is(HttpStatusCode.Created).Result;
        Assert.Equal("viewer", (string?)Assert.Single(made["member"]!["role_binding"]!.AsArray()));
        (await service.Get("/v1/accounts", await Session(name))).Is(HttpStatusCode.OK);
        (await service.Post("/v1/accounts", await Session(name), new { })).Is(HttpStatusCode.Forbidden);
        foreach (var taken in new[] { "viewer", "Viewer", "ADMINISTRATOR" })
        {
            (await service.Post("/v1/roles", service.Admin, new { name = taken, permission_set = "viewer", resources = new { } })).IsProblem(HttpStatusCode.Conflict);
        }
    }

    /// <summary>A resource server would take it for the role that bears the former name now.</summary>
    [Fact]
    public async Task A_token_is_introspected_with_its_role_under_the_name_that_it_has_now()
    {
        var role = await Role("viewer");
        var made = (await service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { name = _role, customRoleIds = new[] { _role } })).Is(HttpStatusCode.Created).Json;
        var secret = (string)made["token"]!;
        async Task<(string?, string?)> Shown()
        {
            var said = (await service.Introspect(service.Admin, secret)).Is(HttpStatusCode.OK).Json;
            return ((string?)said["scope"], (string?)said["permissions"]!["role_binding"]![0]);
        }

        Assert.Equal((_role, _role), await Shown());
        (await service.Send(
            HttpMethod.Patch, $"/v1/roles/{role}", service.Admin, $$"""[{"op":"replace","path":"/name","value":"new{{_role}}"}]""")).Is(HttpStatusCode.OK);
        await Role("administrator");
        Assert.Equal(($"new{_role}", $"new{_role}"), await Shown());
        await service.RestartAsync();
        Assert.Equal(($"new{_role}", $"new{_role}"), await Shown());
    }

    [Fact]
    public async Task A_role_of_another_name_is_the_same_role()
    {
        var role = await Role("viewer");
        var (_, name) = await Member();
        (await service.Send(HttpMethod.Patch, $"/v1/roles/{role}", service.Admin, $$"""[{"op":"replace","path":"/name","value":"{{_role}}x"}]""")).Is(HttpStatusCode.OK);
        (await service.Get("/v1/accounts", await Session(name))).Is(HttpStatusCode.OK);
    }

    /// <summary>Whoever gives a role by its name means the one that has it today, also where an older one of that name
    /// is bound.</summary>
    [Fact]
    public async Task A_member_is_shown_with_the_present_names_and_given_the_roles_of_today()
    {
        var old = await Role("administrator");
        var (id, name) = await Member();
        (await service.Send(HttpMethod.Patch, $"/v1/roles/{old}", service.Admin, $$"""[{"op":"replace","path":"/name","value":"{{_role}}x"}]""")).Is(HttpStatusCode.OK);
        await Role("viewer");
        foreach (var path in new[] { $"/v1/members/{id}", $"/v1/members?filter=name[eq]{name}" })
        {
            var shown = (await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result;
            Assert.Equal($"{_role}x", (string)(shown is JsonArray list ? list[0]! : shown)["role_binding"]![0]!);
        }

        (await service.Post("/v1/accounts", await Session(name), "{}")).Is(HttpStatusCode.Created);
        await Bind(id, [_role]);
        (await service.Post("/v1/accounts", await Session(name), "{}")).Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_access_token_of_a_deleted_role_gets_nothing_of_the_next()
    {
        await Role("administrator");
        var made = (await service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)],
            new { name = "t", customRoleIds = new[] { _role } }))
            .Is(HttpStatusCode.Created).Json;
        async Task<HttpStatusCode> Makes(object token) =>
            (await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", (string)made["token"]!)], token)).Status;
        Assert.Equal(HttpStatusCode.Created, await Makes(new { name = "of the old role", role = "reader" }));
        (await service.Delete($"/v1/roles/{_role}", service.Admin)).Is(HttpStatusCode.NoContent);
        await Role("administrator");
        Assert.Equal(HttpStatusCode.Forbidden, await Makes(new { name = "of the next role", role = "reader" }));
    }

    /// <summary>Another role may bear the former name by then.</summary>
    [Fact]
    public async Task An_access_token_shows_and_keeps_its_role_after_it_was_renamed()
    {
        var old = await Role("viewer");
        var made = (await AccessTokens(HttpMethod.Post, "", new { name = "t", customRoleIds = new[] { _role } })).Is(HttpStatusCode.Created).Json;
        (await service.Send(HttpMethod.Patch, $"/v1/roles/{old}", service.Admin, $$"""[{"op":"replace","path":"/name","value":"{{_role}}x"}]""")).Is(HttpStatusCode.OK);
        await Role("administrator");
        var path = $"/{made["_id"]}";
        string[] now = [$"{_role}x"];
        Assert.Equal(now, Shown((await AccessTokens(HttpMethod.Get, path, null)).Is(HttpStatusCode.OK).Json));
        var listed = (await AccessTokens(HttpMethod.Get, "?limit=1000", null)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(now, Shown(Assert.Single(listed, item => (string)item!["_id"]! == (string)made["_id"]!)!));
        Assert.Equal(
            now, Shown((await AccessTokens(HttpMethod.Post, path + "/reset", null)).Is(HttpStatusCode.OK).Json));

        // Roles are given again with one that is added: the one that is there must not become the other of its former
        // name.
        var more = (await AccessTokens(HttpMethod.Patch, path, """[{"op":"add","path":"/customRoleIds/-","value":"member"}]""")).Is(HttpStatusCode.OK).Json;
        Assert.Equal([.. now, "member"], Shown(more));
        Assert.Equal(
            [.. now, "member"], Shown((await AccessTokens(HttpMethod.Get, path, null)).Is(HttpStatusCode.OK).Json));

        static IEnumerable<string> Shown(JsonNode token) =>
            token["customRoleIds"]!.AsArray().Select(role => (string)role!);
    }

    [Fact]
    public async Task A_role_that_is_gone_is_told_of_no_token_as_the_one_that_has_its_name_now()
    {
        var old = await Role("viewer");
        var other = $"{_role}-other";
        (await service.Post("/v1/roles", service.Admin, new { name = other, permission_set = "viewer", resources = new { } })).Is(HttpStatusCode.Created);
        var access = (await AccessTokens(HttpMethod.Post, "", new { name = "t", customRoleIds = new[] { _role, other } })).Is(HttpStatusCode.Created).Json;
        var secret = (string)access["token"]!;
        var name = $"m{Guid.NewGuid():N}@example.com";
        (await service.Post("/v1/members", service.Admin, new { name, secret = Password, role_binding = new[] { _role, other } })).Is(HttpStatusCode.Created);
        var session = await Session(name);
        var id = (string)(await service.Introspect(service.Admin, secret)).Is(HttpStatusCode.OK).Json["jti"]!;
        (await service.Delete($"/v1/roles/{old}", service.Admin)).Is(HttpStatusCode.NoContent);
        await Told();
        await Role("administrator");
        await Told();
        await service.RestartAsync();
        await Told();

        async Task Told()
        {
            var active = (await service.Introspect(service.Admin, secret)).Is(HttpStatusCode.OK).Json;
            Assert.Equal(other, (string?)active["scope"]);
            Assert.Equal(other, (string?)Assert.Single(active["permissions"]!["role_binding"]!.AsArray()));
            var verified = (await service.Get($"/access/verify?organization_id={service.OrganizationId}&kind=session", session)).Is(HttpStatusCode.OK);
            Assert.Equal(other, verified.Headers["X-Token-Scope"]);
            Assert.Equal(other, (string?)Assert.Single(active["claims"]!["launchdarkly"]!["customRoleIds"]!.AsArray()));

            // By its id it keeps its place there, which patches name.
            string[] places = [old, other];
            var shown = (await AccessTokens(HttpMethod.Get, $"/{access["_id"]}", null)).Is(HttpStatusCode.OK).Json;
            Assert.Equal(places, shown["customRoleIds"]!.AsArray().Select(role => (string)role!));

            var found = (await service.Get($"/lifecycle/v1/tokens/{id}", service.Admin)).Is(HttpStatusCode.OK);
            var disabled = (await service.Post($"/lifecycle/v1/tokens/{id}/disable", service.Admin, "")).Is(HttpStatusCode.OK);
            var enabled = (await service.Post($"/lifecycle/v1/tokens/{id}/enable", service.Admin, "")).Is(HttpStatusCode.OK);
            var listed = (await service.Get("/lifecycle/v1/tokens?limit=100&order=created_at[desc]", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
            JsonNode[] views = [found.Json, disabled.Json, enabled.Json, Assert.Single(listed, token => (string)token!["id"]! == id)!];
            Assert.All(views, view => Assert.Equal(other, (string?)Assert.Single(view["grant"]!["roles"]!.AsArray())));
        }
    }

    [Fact]
    public async Task An_access_token_whose_role_is_gone_is_not_bound_to_another_of_its_name()
    {
        var old = await Role("viewer");
        var made = (await AccessTokens(HttpMethod.Post, "", new { name = "t", customRoleIds = new[] { _role } })).Is(HttpStatusCode.Created).Json;
        (await service.Delete($"/v1/roles/{old}", service.Admin)).Is(HttpStatusCode.NoContent);
        await Role("administrator");
        var path = $"/{made["_id"]}";
        (await AccessTokens(HttpMethod.Patch, path, """[{"op":"add","path":"/customRoleIds/-","value":"member"}]""")).Is(HttpStatusCode.BadRequest);
        var risen = await service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", (string)made["token"]!)],
            new { name = "u", role = "admin" });
        Assert.NotEqual(HttpStatusCode.Created, risen.Status);
    }

    private Task<Answer> AccessTokens(HttpMethod method, string path, object? body) =>
        service.Send(method, $"/api/v2/tokens{path}", [("Authorization", service.Admin)], body);

    private async Task<string> Role(string set) => (string)(await service.Post(
        "/v1/roles", service.Admin, new { name = _role, permission_set = set, resources = new { } })).Is(HttpStatusCode.Created).Result["id"]!;

    private async Task<(string Id, string Name)> Member()
    {
        var name = $"m{Guid.NewGuid():N}@example.com";
        var made = await service.Post(
            "/v1/members", service.Admin, new { name, secret = Password, role_binding = new[] { _role } });
        return ((string)made.Is(HttpStatusCode.Created).Result["member"]!["id"]!, name);
    }

    private async Task Bind(string member, string[] roles) => (await service.Send(
        HttpMethod.Patch, $"/v1/members/{member}", service.Admin,
        new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/role_binding", ["value"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]) })))
        .Is(HttpStatusCode.OK);

    private async Task<string> Session(string name) =>
        (string)(await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = Password }))
            .Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;
}
