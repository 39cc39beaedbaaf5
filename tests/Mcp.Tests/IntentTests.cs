using System.Net;
using ModelContextProtocol.Protocol;
using TokenActors.Client;
using TokenActors.Grains.Abstractions.Intents;

namespace TokenActors.Mcp.Tests;

/// <summary>What a model wishes for, and a person carries out.</summary>
public sealed class IntentTests(Service service) : IClassFixture<Service>
{
    private const string Root = "/lifecycle/v1/intents";

    [Fact]
    public async Task A_rotation_is_carried_out_when_it_is_collected_and_once()
    {
        var token = await service.Create("viewer");
        await using var mcp = await service.Connect(await service.McpToken());
        var wish = await mcp.Answer("token_rotate", new { id = token.Id });
        var id = (string)wish["id"]!;
        Assert.Equal($"ta token collect {id}", (string?)wish["command_line"]);
        Assert.Equal(new Uri(service.Http.BaseAddress!, $"/console/collect/{id}").ToString(), (string?)wish["console"]);
        Assert.Equal("open", (string?)(await mcp.Answer("intent_get", new { id }))["state"]);
        Assert.Equal(HttpStatusCode.OK, (await service.Get("/v1/organization", token.Access)).Status);
        Assert.Null((await service.Get($"/lifecycle/v1/tokens/{token.Id}", service.Admin)).Json["secondary"]);

        var first = (await Collect(id, service.Admin, "k1")).Is(HttpStatusCode.OK);
        Assert.Equal("no-store", first.Headers["Cache-Control"]);
        var secret = (string)first.Json["secrets"]!["access"]!;
        Assert.Equal(HttpStatusCode.OK, (await service.Get("/v1/organization", secret)).Status);
        var again = (await Collect(id, service.Admin, "k1")).Is(HttpStatusCode.OK);
        Assert.Equal(secret, (string?)again.Json["secrets"]!["access"]);
        Gone(await Collect(id, service.Admin, "k2"));
        Gone(await Collect(id, service.Admin, null));
        Gone(await Collect(id, (await service.Create()).Access, "k1"));
        Assert.Equal("collected", (string?)(await mcp.Answer("intent_get", new { id }))["state"]);

        // One rotation: the former pair is that of before.
        var shown = (await service.Get($"/lifecycle/v1/tokens/{token.Id}", service.Admin)).Json;
        Assert.Equal(token.Access[^4..], (string?)shown["secondary"]!["access"]!["last_four"]);
        var rows = (await service.Get($"/lifecycle/v1/audit?filter=subject_id[in]{id},{token.Id}&order=at[asc]", service.Admin)).Json["items"]!.AsArray();
        Assert.Equal(
            ["token.issued", "intent.made", "intent.collected", "token.rotated"],
            rows.Select(row => (string?)row!["event"]));
        Assert.Equal($"{Root}/{id}/collect", (string?)rows[3]!["path"]);
    }

    /// <summary>A time without a zone would mean the server's.</summary>
    [Theory]
    [InlineData("2100-01-02T03:04:05")]
    [InlineData("2100-01-01")]
    [InlineData("1-2")]
    public async Task A_deadline_names_its_zone(string deadline)
    {
        var token = await service.Create("viewer");
        await using var mcp = await service.Connect(await service.McpToken());
        var refused = await mcp.Call("token_rotate", new { id = token.Id, deadline });
        Assert.True(refused.IsError);
        Assert.Contains(
            "invalid-arguments", refused.Content.OfType<TextContentBlock>().Single().Text, StringComparison.Ordinal);
        Assert.Equal("open", (string?)(await mcp.Answer(
            "intent_get", new { id = (string)(await mcp.Answer("token_rotate", new { id = token.Id, deadline = "2100-01-02T03:04:05+02:00" }))["id"]! }))["state"]);
    }

    [Theory]
    [InlineData("""{"protocolVersion":1,"capabilities":{},"clientInfo":{"name":"x","version":"1"}}""")]
    [InlineData("""{"protocolVersion":"2025-06-18","capabilities":[],"clientInfo":{"name":"x","version":"1"}}""")]
    public async Task Parameters_of_another_shape_are_no_fault_of_the_service(string parameters) =>
        Assert.InRange(
            (int)(await service.PostMcp(
                await service.McpToken(), $$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{parameters}}}""")).Status,
            200, 499);

    /// <summary>Its former secret may be over before the answer is there, and then nobody can ask for it
    /// again.</summary>
    [Fact]
    public async Task A_bearer_does_not_collect_the_rotation_of_its_own_token()
    {
        var token = await service.Create("administrator");
        var made = await service.Post(
            Root, service.Admin, new { command = "rotate", token_id = token.Id, deadline = service.Clock.GetUtcNow().AddSeconds(1) });
        var id = (string)made.Is(HttpStatusCode.Created).Json["id"]!;
        var refused = (await Collect(id, token.Access, "k")).Is(HttpStatusCode.Conflict).Json;
        Assert.Contains("its own token", (string?)refused["detail"]);
        Assert.True(await service.IsActive(token.Access));
        var collected = (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.OK).Json;
        Assert.True(await service.IsActive((string)collected["secrets"]!["access"]!));
    }

    [Fact]
    public async Task Ten_at_once_collect_one_secret()
    {
        var token = await service.Create("viewer");
        await using var mcp = await service.Connect(await service.McpToken());
        var id = (string)(await mcp.Answer("token_rotate", new { id = token.Id }))["id"]!;
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Collect(id, service.Admin, $"key {i}")));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.OK), Gone);
        Assert.Equal(token.Access[^4..], (string?)(await service.Get($"/lifecycle/v1/tokens/{token.Id}", service.Admin)).Json["secondary"]!["access"]!["last_four"]);
    }

    [Fact]
    public async Task A_new_token_is_made_for_whoever_collects_it_and_is_no_wider_than_who_wished_it()
    {
        var account = (await service.Post("/v1/accounts", service.Admin, new { name = $"a{Guid.NewGuid():N}" })).Is(HttpStatusCode.Created);
        var accountId = (string?)account.Result["account"]?["id"] ?? (string)account.Result["id"]!;
        var narrow = await service.McpToken(new
        {
            resources = new { accounts = new { ids = new[] { accountId } } }, addresses = new[] { "127.0.0.0/8" }, tools = new[] { "token_create", "token_get" },
        });
        await using var mcp = await service.Connect(narrow);
        var wish = await mcp.Answer(
            "token_create",
            new { token = new { permission_set = "viewer", name = $"n{Guid.NewGuid():N}", kind = "mcp" } });
        var id = (string)wish["id"]!;
        var shown = (await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal("create", (string?)shown["command"]);
        var made = (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.Created).Json;
        Assert.Equal(
            [accountId], made["grant"]!["resources"]!["accounts"]!["ids"]!.AsArray().Select(one => (string?)one));
        Assert.Equal("127.0.0.0/8", (string?)made["addresses"]![0]);
        Assert.Equal("member", (string?)made["belongs_to"]);
        Assert.Equal(
            ["token_create", "token_get"], made["claims"]!["tools"]!.AsArray().Select(tool => (string?)tool).Order());
        Assert.Equal(
            made["secrets"]!["access"]!.ToString(),
            (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.Created).Json["secrets"]!["access"]!.ToString());
        Gone(await Collect(id, service.Admin, "other"));
        var wider = await mcp.Call(
            "token_create",
            new { token = new { permission_set = "viewer", kind = "mcp", tools = new[] { "token_search" } } });
        Assert.Contains("\"code\":\"permission-missing\"", McpClients.TextOf(wider));
        var whole = await mcp.Call(
            "token_create", new { token = new { permission_set = "viewer", belongs_to = "organization" } });
        Assert.Contains("\"code\":\"permission-missing\"", McpClients.TextOf(whole));
    }

    [Fact]
    public async Task What_nobody_collects_changes_nothing()
    {
        var token = await service.Create("viewer", ttl: "48h");
        var id = (string)(await Wish(service.Admin, token.Id)).Json["id"]!;
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(
            "lapsed", (string?)(await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.OK).Json["state"]);
        Gone(await Collect(id, service.Admin, "k"));
        Assert.Null((await service.Get($"/lifecycle/v1/tokens/{token.Id}", service.Admin)).Json["secondary"]);
    }

    [Fact]
    public async Task Its_collector_is_answered_for_ten_minutes_and_no_longer()
    {
        var token = await service.Create("viewer", ttl: "48h");
        var id = (string)(await Wish(service.Admin, token.Id)).Json["id"]!;
        (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromMinutes(9));
        (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromMinutes(2));
        Gone(await Collect(id, service.Admin, "k"));
    }

    [Fact]
    public async Task Another_member_and_another_organization_find_nothing()
    {
        var token = await service.Create("viewer");
        var id = (string)(await Wish(service.Admin, token.Id)).Json["id"]!;
        var other = (await service.NewOrganization()).Token.Access;
        (await service.Get($"{Root}/{id}", other)).Is(HttpStatusCode.NotFound);
        (await Collect(id, other, "k")).Is(HttpStatusCode.NotFound);
        var name = $"m{Guid.NewGuid():N}@example.com";
        (await service.Post("/v1/members", service.Admin, new { name, secret = "correct horse battery", role_binding = new[] { "administrator" } })).Is(HttpStatusCode.Created);
        var organization = (string)(await service.Get("/v1/organization", service.Admin)).Result["name"]!;
        var logOn = await service.Post(
            $"/v1/auth/logon/{organization}", null, new { name, secret = "correct horse battery" });
        var colleague = logOn.Body[logOn.Body.IndexOf("ta_", StringComparison.Ordinal)..].Split('"')[0];
        (await service.Get($"{Root}/{id}", colleague)).Is(HttpStatusCode.NotFound);
        (await Collect(id, colleague, "k")).Is(HttpStatusCode.NotFound);
        (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_would_be_refused_is_refused_and_leaves_it_open()
    {
        var token = await service.Create("viewer");
        var id = (string)(await Wish(service.Admin, token.Id)).Json["id"]!;
        (await service.Post($"/lifecycle/v1/tokens/{token.Id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.Conflict);
        (await Wish(service.Admin, token.Id)).Is(HttpStatusCode.Conflict);
        (await service.Post($"/lifecycle/v1/tokens/{token.Id}/enable", service.Admin, null)).Is(HttpStatusCode.OK);
        var viewer = (await service.Create("viewer")).Access;
        (await Collect(id, viewer, "k")).Is(HttpStatusCode.Forbidden);
        (await Collect(id, service.Admin, "k")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wish_made_twice_under_one_key_is_one()
    {
        var token = await service.Create("viewer");
        var body = new { command = "rotate", token_id = token.Id, deadline = "2040-01-01T00:00:00Z" };
        var key = Guid.NewGuid().ToString();
        var first = (await service.Post(Root, service.Admin, body, key)).Is(HttpStatusCode.Created).Json;
        Assert.Equal(
            (string?)first["id"],
            (string?)(await service.Post(Root, service.Admin, body, key)).Is(HttpStatusCode.Created).Json["id"]);
        (await service.Post(Root, service.Admin, new { command = "rotate", token_id = token.Id }, key)).Is(HttpStatusCode.Conflict);
        var collected = (await Collect((string)first["id"]!, service.Admin, "k")).Is(HttpStatusCode.OK).Json;
        Assert.StartsWith("2040-01-01", (string?)collected["secondary"]!["deadline"]);
    }

    [Theory]
    [InlineData("""{}""", "/command")]
    [InlineData("""{"command":"delete"}""", "/command")]
    [InlineData("""{"command":"rotate"}""", "/token_id")]
    [InlineData("""{"command":"rotate","token_id":"x"}""", "/token_id")]
    [InlineData("""{"command":"rotate","token_id":"01234567-0123-4123-8123-012345678901","token":{}}""", "/token")]
    [InlineData("""{"command":"create"}""", "/token")]
    [InlineData("""{"command":"create","token":{}}""", "/token/permission_set")]
    [InlineData("""{"command":"create","token":{"permission_set":"viewer"},"deadline":"2040-01-01T00:00:00Z"}""", "/deadline")]
    [InlineData("""{"command":"create","token":{"permission_set":"viewer"},"else":1}""", "/else")]
    public async Task A_wish_that_cannot_be_read_is_400(string body, string pointer)
    {
        var answer = (await service.Post(Root, service.Admin, body)).Is(HttpStatusCode.BadRequest).Json;
        Assert.Contains(answer["errors"]!.AsArray(), error => (string?)error!["pointer"] == pointer);
    }

    [Fact]
    public async Task One_member_has_fifty_open_wishes_at_most()
    {
        var other = (await service.NewOrganization()).Token;
        var body = new { command = "create", token = new { permission_set = "viewer" } };
        for (var i = 0; i < 50; i++)
        {
            (await service.Post(Root, other.Access, body)).Is(HttpStatusCode.Created);
        }

        (await service.Post(Root, other.Access, body)).Is(HttpStatusCode.Conflict);
        (await service.Post(Root, service.Admin, body)).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_a_revoked_token_wished_for_is_over()
    {
        var assistant = await service.Create("administrator");
        var token = await service.Create("viewer");
        var id = (string?)(await Wish(assistant.Access, token.Id)).Json["id"] ?? "";
        (await service.Post($"/lifecycle/v1/tokens/{assistant.Id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        Gone(await Collect(id, service.Admin, "k"));
        (await service.Post($"/lifecycle/v1/tokens/{assistant.Id}/enable", service.Admin, null)).Is(HttpStatusCode.OK);
        (await service.Delete($"/lifecycle/v1/tokens/{assistant.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Gone(await Collect(id, service.Admin, "k"));
        Assert.Null((await service.Get($"/lifecycle/v1/tokens/{token.Id}", service.Admin)).Json["secondary"]);
    }

    [Fact]
    public async Task An_mcp_token_does_not_lengthen_its_own_life()
    {
        var access = await service.McpToken(new { life = "10m" });
        await using var mcp = await service.Connect(access);
        var own = (string?)(await service.Introspect(service.Admin, access)).Json["jti"] ?? "";
        var refused = await mcp.Call("token_extend", new { id = own, life = "24h" });
        Assert.Contains("is not changed by itself", McpClients.TextOf(refused));
    }

    [Fact]
    public async Task Rows_that_nobody_can_ask_for_are_removed()
    {
        var id = (string)(await service.Post(Root, service.Admin, new { command = "create", token = new { permission_set = "viewer" } })).Is(HttpStatusCode.Created).Json["id"]!;
        Assert.NotNull(await service.Store.Read(new("intent", id)));
        var reminder = service.Grains.GetGrain<IIntentGrain>(id).AsReference<IRemindable>();
        await reminder.ReceiveReminder("run", default);
        Assert.NotNull(await service.Store.Read(new("intent", id)));
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        await reminder.ReceiveReminder("run", default);
        Assert.Null(await service.Store.Read(new("intent", id)));
        (await service.Get($"{Root}/{id}", service.Admin)).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_client_makes_shows_and_collects()
    {
        var token = await service.Create("viewer");
        using HttpClient http = new();
        TokenActorsClient client = new(
            http,
            new() { Service = service.Http.BaseAddress!, Bearer = _ => ValueTask.FromResult<string?>(service.Admin) });
        var wish = await client.Intents.Rotate(token.Id).Send();
        Assert.True((await client.Intents.Get(wish.Id)).IsOpen);
        var collected = await client.Intents.Collect(wish.Id).Send("key");
        Assert.Equal(
            collected.Secrets!.Access.Reveal(),
            (await client.Intents.Collect(wish.Id).Send("key")).Secrets!.Access.Reveal());
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => client.Intents.Collect(wish.Id).Send());
        Assert.Equal("gone", refused.Code);
        var made = await client.Intents.Create(new() { PermissionSet = "viewer", BelongsTo = "parent" }).Send();
        Assert.Equal("parent", (string?)made.Body!["belongs_to"]);
    }

    private Task<Answer> Wish(string bearer, string token) =>
        service.Post(Root, bearer, new { command = "rotate", token_id = token });

    private Task<Answer> Collect(string id, string bearer, string? key) =>
        service.Post($"{Root}/{id}/collect", bearer, null, key);

    private static void Gone(Answer answer)
    {
        answer.Is(HttpStatusCode.Gone);
        Assert.Equal("urn:tokenactors:problem:gone", (string?)answer.Json["type"]);
    }
}
