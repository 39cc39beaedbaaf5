using System.Net;
using TokenActors.Gateway.Tests.Management;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What <c>dry_run=true</c> says is what the same call does afterwards, and until then nothing is
/// changed.</summary>
public sealed class PreviewTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Tokens = "/lifecycle/v1/tokens";

    /// <summary>Changes of every kind, in an order in which each can be made.</summary>
    private const string Table =
        """
        POST   /v1/accounts                                   201 account.created         {"fullname":"New"}
        PUT    /v1/accounts/{A}                               200 account.updated         itself
        PATCH  /v1/accounts/{A}                               200 account.updated         [{"op":"replace","path":"/fullname","value":"Other"}]
        POST   /v1/roles                                      201 role.created            {"permission_set":"viewer"}
        PATCH  /v1/roles/{role}                               200 role.updated            [{"op":"replace","path":"/fullname","value":"Other"}]
        PATCH  /v1/organization                               200 organization.replaced   [{"op":"replace","path":"/fullname","value":"Other"}]
        POST   /v1/members                                    201 member.created          {"name":"{new}@example.com","secret":"correct horse battery","role_binding":["viewer"]}
        PATCH  /v1/members/{memberBare}                       200 member.replaced         [{"op":"replace","path":"/fullname","value":"Other"}]
        POST   /v1/integrations/{A}                           201 integration.created     {"provider_config":{"type":"siem_mock_siem"}}
        PATCH  /v1/integrations/{A}/{siemA}                   200 integration.updated     [{"op":"replace","path":"/fullname","value":"Other"}]
        POST   /lifecycle/v1/tokens                           201 token.issued            {"permission_set":"viewer"}
        POST   /lifecycle/v1/tokens                           201 token.issued            {"kind":"mcp","permission_set":"viewer"}
        POST   /lifecycle/v1/tokens                           201 token.issued            {"kind":"integration","integration_id":"{siemA}"}
        PATCH  /lifecycle/v1/tokens/{within}                  200 token.described         {"description":"for a test"}
        POST   /lifecycle/v1/tokens/{within}/rotate           200 token.rotated
        POST   /lifecycle/v1/tokens/{within}/refresh          200 token.rotated
        POST   /lifecycle/v1/tokens/{within}/move-deadline    200 token.deadline_moved    {"deadline":"2030-01-01T00:00:00Z"}
        POST   /lifecycle/v1/tokens/{within}/remove-secondary 200 token.secondary_removed
        POST   /lifecycle/v1/tokens/{within}/disable          200 token.disabled
        POST   /lifecycle/v1/tokens/{within}/enable           200 token.enabled
        POST   /lifecycle/v1/tokens/{within}/reset            200 token.reset
        DELETE /lifecycle/v1/tokens/{within}                  204 token.deleted
        PUT    /lifecycle/v1/policy                           200 policy.created          {"notice_days":[3]}
        POST   /lifecycle/v1/webhooks                         201 event_endpoint.created  {"url":"https://x.example.com"}
        DELETE /v1/integrations/{A}/{siemA}                   204 integration.deleted
        DELETE /v1/accounts/{A}                               204 account.deleted
        DELETE /v1/roles/{role}                               204 role.deleted
        DELETE /v1/members/{memberBare}                       204 member.deleted
        """;

    private async Task<Answer> Call(string method, string path, string? body, string query = "", string? bearer = null)
    {
        List<(string, string)> headers = [("Authorization", "Bearer " + (bearer ?? service.Admin))];
        if (method is "PUT" or "PATCH" && path.StartsWith("/lifecycle", StringComparison.Ordinal))
        {
            headers.Add(("If-Match", (await service.Get(path, service.Admin)).Headers["ETag"]));
        }

        return await service.Send(new HttpMethod(method), path + query, headers, body);
    }

    [Fact]
    public async Task What_a_preview_says_is_what_is_done_afterwards_and_it_does_nothing_itself()
    {
        var world = await service.Fresh();
        var seen = 0L;
        foreach (var line in Table.Split('\n'))
        {
            var row = world.Aggregate(
                line.Replace("{new}", $"m{Guid.NewGuid():N}"),
                (text, name) => text.Replace($"{{{name.Key}}}", name.Value));
            var parts = row.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var (method, path, status, change) = (parts[0], parts[1], int.Parse(parts[2]), parts[3]);
            var body = parts.ElementAtOrDefault(4);
            if (body == "itself")
            {
                var itself = (await service.Get(path, service.Admin)).Result;
                itself["fullname"] = "Changed";
                body = itself.ToJsonString();
            }

            await Eventually.Holds(() => !service.State().Contains("deleting{", StringComparison.Ordinal));
            service.EventsSince(ref seen);
            var before = service.State();
            var preview = await Call(method, path, body, "?dry_run=true");
            Assert.True(preview.Status == HttpStatusCode.OK, $"{line}: {preview.Body}");
            Assert.True(
                (true, true, status, change) == ((bool)preview.Json["dry_run"]!, (bool)preview.Json["would_change"]!, (int)preview.Json["status"]!, (string)preview.Json["change"]!),
                $"{line}: {preview.Body}");
            Assert.Equal(before, service.State());
            Assert.Equal(["call.previewed"], service.EventsSince(ref seen));
            Assert.DoesNotContain("\"secret", preview.Body);

            var done = await Call(method, path, body);
            Assert.True(status == (int)done.Status, $"{line}: {done.Body}");
            Assert.Contains(change, service.EventsSince(ref seen));
        }
    }

    [Fact]
    public async Task A_preview_counts_the_tokens_that_hang_on_what_would_change()
    {
        var world = await service.Fresh();
        var parent = await service.Create("administrator");
        var child = await service.Create("viewer", bearer: parent.Access);
        (await service.Post(Tokens, child.Access, new { kind = "mcp", permission_set = "viewer" })).Is(HttpStatusCode.Forbidden);
        (await service.Post(Tokens, parent.Access, new { kind = "mcp", permission_set = "viewer" })).Is(HttpStatusCode.Created);

        var deleted = (await Call("DELETE", $"{Tokens}/{parent.Id}", null, "?dry_run=true")).Json["affected"]!;
        Assert.Equal("""{"adhoc":2,"mcp":1}""", deleted["kinds"]!.ToJsonString());
        Assert.Equal((3, 2, true), ((int)deleted["tokens"]!, (int)deleted["descendants"]!, (bool)deleted["complete"]!));

        var account = (await Call("DELETE", $"/v1/accounts/{world["A"]}", null, "?dry_run=true")).Json["affected"]!;
        Assert.Equal("""{"bridge":1,"default":2}""", account["kinds"]!.ToJsonString());
        var integration = (await Call("DELETE", $"/v1/integrations/{world["A"]}/{world["siemA"]}", null, "?dry_run=true")).Json["affected"]!;
        Assert.Equal(1, (int)integration["tokens"]!);

        var role = (string)(await service.Post("/v1/roles", service.Admin, new { permission_set = "viewer" })).Is(HttpStatusCode.Created).Result["name"]!;
        (await service.Post("/v1/members", service.Admin, new { name = $"m{Guid.NewGuid():N}@example.com", secret = "correct horse battery", role_binding = new[] { role } }))
            .Is(HttpStatusCode.Created);
        Assert.Equal(
            1, (int)(await Call("DELETE", $"/v1/roles/{role}", null, "?dry_run=true")).Json["affected"]!["members"]!);
    }

    /// <summary>The former pair was promised a time, and a second rotation ends it at once.</summary>
    [Theory]
    [InlineData("rotate")]
    [InlineData("refresh")]
    public async Task A_rotation_that_ends_a_former_pair_says_so(string command)
    {
        var made = await service.Create("viewer");
        Assert.Null((await Call("POST", $"{Tokens}/{made.Id}/{command}", null, "?dry_run=true")).Is(HttpStatusCode.OK).Json["ends_former"]);
        var deadline = service.Clock.GetUtcNow().AddMinutes(5);
        (await service.Post($"{Tokens}/{made.Id}/rotate", service.Admin, new { deadline })).Is(HttpStatusCode.OK);
        var preview = (await Call("POST", $"{Tokens}/{made.Id}/{command}", null, "?dry_run=true")).Is(HttpStatusCode.OK).Json;
        Assert.InRange(
            (DateTimeOffset)preview["ends_former"]!["ends_at"]! - deadline, TimeSpan.FromMilliseconds(-1),
            TimeSpan.Zero);
        Assert.Null((await Call("POST", $"{Tokens}/{made.Id}/disable", null, "?dry_run=true")).Is(HttpStatusCode.OK).Json["ends_former"]);

        service.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Null((await Call("POST", $"{Tokens}/{made.Id}/{command}", null, "?dry_run=true")).Is(HttpStatusCode.OK).Json["ends_former"]);
    }

    [Fact]
    public async Task A_token_that_was_used_within_a_day_is_counted_as_used()
    {
        var made = await service.Create("viewer");
        async Task<int> Used() => (int)(await Call("POST", $"{Tokens}/{made.Id}/disable", null, "?dry_run=true")).Json["affected"]!["used_last_24h"]!;
        Assert.Equal(0, await Used());
        (await service.Get("/v1/tokens", made.Access)).Is(HttpStatusCode.OK);
        await Eventually.Holds(async () => await Used() == 1);
    }

    [Fact]
    public async Task What_would_be_refused_is_refused_in_the_same_words()
    {
        var world = await service.Fresh();
        var name = (string)(await service.Post("/v1/roles", service.Admin, new { permission_set = "viewer" })).Is(HttpStatusCode.Created).Result["name"]!;
        var taken = $$"""{"permission_set":"viewer","name":"{{name}}"}""";
        foreach (var (method, path, body) in new[]
        {
            ("POST", "/v1/roles", taken), ("DELETE", $"/v1/members/{world["memberOwn"]}", null), ("DELETE", $"/v1/accounts/{Guid.NewGuid()}", null),
            ("POST", "/v1/accounts", """{"environment":"moon"}"""), ("POST", $"{Tokens}/{Guid.NewGuid()}/disable", null), ("DELETE", $"{Tokens}/{world["default"]}", null),
            ("POST", $"{Tokens}/{world["within"]}/rotate", """{"deadline":7}"""),
        })
        {
            var preview = await Call(method, path, body, "?dry_run=true");
            var done = await Call(method, path, body);
            Assert.True(
                preview.Status == done.Status && (int)done.Status >= 400,
                $"{method} {path}: {preview.Body} {done.Body}");
        }

        var viewer = await service.Create("viewer");
        Problem(
            await Call("POST", $"{Tokens}/{world["within"]}/disable", null, "?dry_run=true", viewer.Access), 403,
            "permission-missing");
        List<(string, string)> stale = [("Authorization", "Bearer " + service.Admin), ("If-Match", "\"stale\"")];
        Problem(await service.Send(HttpMethod.Patch, $"{Tokens}/{world["within"]}?dry_run=true", stale, """{"description":"x"}"""), 412, "changed-meanwhile");
        Problem(await service.Send(HttpMethod.Patch, $"{Tokens}/{world["within"]}?dry_run=true", stale[..1], """{"description":"x"}"""), 428, "if-match-required");
    }

    [Fact]
    public async Task A_preview_is_no_use_of_its_bearer()
    {
        var made = (await service.Post(Tokens, service.Admin, new { permission_set = "administrator", uses = 2 })).Is(HttpStatusCode.Created).Json;
        var (id, bearer) = ((string)made["id"]!, (string)made["secrets"]!["access"]!);
        for (var i = 0; i < 5; i++)
        {
            (await Call("POST", "/v1/accounts", "{}", "?dry_run=true", bearer)).Is(HttpStatusCode.OK);
        }

        Assert.Equal(2, (int)(await service.Get($"{Tokens}/{id}", service.Admin)).Json["uses_left"]!);
        (await Call("POST", "/v1/accounts", "{}", "", bearer)).Is(HttpStatusCode.Created);
        Assert.Equal(1, (int)(await service.Get($"{Tokens}/{id}", service.Admin)).Json["uses_left"]!);
    }

    /// <summary>A block of uses is in the memory of the token's grain, which no comparison of rows sees.</summary>
    [Fact]
    public async Task A_preview_of_other_limits_loses_no_use()
    {
        var made = (await service.Post(Tokens, service.Admin, new { permission_set = "viewer", uses = 1000 })).Is(HttpStatusCode.Created).Json;
        var id = (string)made["id"]!;
        (await service.Get("/v1/accounts", (string)made["secrets"]!["access"]!)).Is(HttpStatusCode.OK);
        async Task<int> Left() => (int)(await service.Get($"{Tokens}/{id}", service.Admin)).Json["uses_left"]!;
        Assert.Equal(999, await Left());
        (await Call("PATCH", $"{Tokens}/{id}", """{"uses":900}""", "?dry_run=true")).Is(HttpStatusCode.OK);
        Assert.Equal(999, await Left());
        (await Call("PATCH", $"{Tokens}/{id}", """{"uses":900}""")).Is(HttpStatusCode.OK);
        Assert.Equal(899, await Left());
    }

    /// <summary>A member logs on from anywhere.</summary>
    [Fact]
    public async Task A_bearer_that_is_bound_to_addresses_makes_no_member_however_little_it_may_do()
    {
        var made = (await service.Post(Tokens, service.Admin, new { permission_set = "administrator", addresses = new[] { "127.0.0.0/8" } })).Is(HttpStatusCode.Created).Json;
        var bearer = (string)made["secrets"]!["access"]!;
        (await service.Get("/v1/members", bearer)).Is(HttpStatusCode.OK);
        (await service.Post("/v1/members", bearer, new { name = $"m{Guid.NewGuid():N}@example.com", secret = "correct horse battery", role_binding = Array.Empty<string>() }))
            .Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_is_already_so_would_not_be_changed()
    {
        var made = await service.Create("viewer");
        (await service.Post($"{Tokens}/{made.Id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        var preview = (await Call("POST", $"{Tokens}/{made.Id}/disable", null, "?dry_run=true")).Is(HttpStatusCode.OK);
        Assert.Equal("""{"dry_run":true,"would_change":false,"status":200}""", preview.Body);
    }

    /// <summary>An idempotency key that a preview was sent with is free afterwards.</summary>
    [Fact]
    public async Task A_preview_stores_no_answer_under_its_key()
    {
        var key = Guid.NewGuid().ToString();
        object body = new { permission_set = "viewer" };
        (await service.Post($"{Tokens}?dry_run=true", service.Admin, body, key)).Is(HttpStatusCode.OK);
        var made = (await service.Post(Tokens, service.Admin, body, key)).Is(HttpStatusCode.Created);
        Assert.NotNull(made.Json["secrets"]);
    }

    [Theory]
    [InlineData("POST", "/v1/tokens", "{\"permission_set\":\"viewer\"}")]
    [InlineData("PUT", "/v1/tokens/{within}/rotate", null)]
    [InlineData("POST", "/v1/suborgs", "{}")]
    [InlineData("POST", "/v1/integrations/{A}/verify", "{\"provider_config\":{\"type\":\"siem_mock_siem\"}}")]
    [InlineData("GET", "/v1/accounts", null)]
    [InlineData("GET", "/lifecycle/v1/tokens", null)]
    [InlineData("POST", "/lifecycle/v1/leaks", "{\"secrets\":[\"x\"]}")]
    [InlineData("POST", "/lifecycle/v1/introspect", "{\"tokens\":[\"x\"]}")]
    [InlineData("POST", "/client/v4/accounts/{cf}/access/service_tokens", "{\"name\":\"x\"}")]
    [InlineData("POST", "/oauth2/revoke-self", null)]
    public async Task A_call_that_cannot_be_previewed_refuses_to_be(string method, string path, string? body)
    {
        var world = await service.Fresh();
        foreach (var name in world)
        {
            path = path.Replace($"{{{name.Key}}}", name.Value);
        }

        foreach (var value in new[] { "true", "false", "" })
        {
            var before = service.State();
            Assert.Equal(HttpStatusCode.BadRequest, (await Call(method, path, body, $"?dry_run={value}")).Status);
            Assert.Equal(before, service.State());
        }
    }

    [Theory]
    [InlineData("?dry_run=1")]
    [InlineData("?dry_run")]
    [InlineData("?dry_run=true&dry_run=false")]
    [InlineData("?DRY_RUN=yes")]
    public async Task A_value_that_is_neither_true_nor_false_is_refused(string query)
    {
        var made = await service.Create("viewer");
        Problem(await Call("DELETE", $"{Tokens}/{made.Id}", null, query), 400, "invalid-request", "dry_run");
        Assert.True(await service.IsActive(made.Access));
    }

    [Fact]
    public async Task With_false_the_call_is_carried_out()
    {
        var made = await service.Create("viewer");
        (await Call("DELETE", $"{Tokens}/{made.Id}", null, "?dry_run=false")).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(made.Access));
    }
}
