using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TokenActors.Client;

namespace TokenActors.Mcp.Tests;

/// <summary>Who is let in at <c>/mcp</c>, and how the others are told.</summary>
public sealed class AccessTests(Service service) : IClassFixture<Service>
{
    private string Own => new Uri(service.Http.BaseAddress!, "/mcp").ToString();

    [Fact]
    public async Task Without_a_token_the_challenge_says_where_to_learn_more()
    {
        var answer = await service.Rpc(null, "tools/list");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        var challenge = answer.Headers["WWW-Authenticate"];
        var metadata = new Uri(service.Http.BaseAddress!, "/.well-known/oauth-protected-resource/mcp");
        Assert.StartsWith($"Bearer resource_metadata=\"{metadata}\", scope=\"audit:list ", challenge);
        Assert.DoesNotContain("error=", challenge);
        var told = (await service.Get(metadata.PathAndQuery, null)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(Own, (string?)told["resource"]);
        Assert.Equal("header", (string?)told["bearer_methods_supported"]![0]);
    }

    [Fact]
    public async Task Only_mcp_tokens_made_for_this_server_open_it()
    {
        string[] others =
        [
            service.Admin,
            (await service.Create("viewer")).Access,
            await service.McpToken(new { resource = "https://mcp.example.com/mcp" }),
            await service.McpToken(new { resource = Own + "/else" }),
            await service.McpToken(new { resource = Own + "?a=b" }),
            await service.McpToken(new { resource = "https" + Own[4..] }),
            "ta_mcp_nonsense",
        ];
        foreach (var other in others)
        {
            var answer = await service.Rpc(other, "tools/list");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal("invalid_token", (string?)answer.Json["error"]);
            Assert.StartsWith("Bearer error=\"invalid_token\", resource_metadata=", answer.Headers["WWW-Authenticate"]);
        }

        Assert.Equal(HttpStatusCode.OK, (await service.Rpc(await service.McpToken(), "tools/list")).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await service.Rpc(await service.McpToken(new { resource = Own + "/" }), "tools/list")).Status);
        var localhost = $"http://localhost:{service.Http.BaseAddress!.Port}/mcp";
        Assert.Equal(
            HttpStatusCode.OK,
            (await service.Rpc(await service.McpToken(new { resource = localhost }), "tools/list")).Status);
    }

    [Theory]
    [InlineData("mcp.example.com")]
    [InlineData("localhost:9")]
    [InlineData("127.0.0.1:9")]
    public async Task A_host_that_the_client_claims_makes_no_other_audience_ours(string host)
    {
        var token = await service.McpToken(new { resource = $"http://{host}/mcp" });
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await service.Rpc(token, "tools/list", headers: ("Host", host))).Status);
    }

    [Fact]
    public async Task Tokens_of_the_management_api_have_no_audience_and_open_nothing()
    {
        var made = (await service.Post(
            "/v1/tokens/mcp", service.Admin, new { scope = new { type = "management", environment = "test" } }))
            .Is(HttpStatusCode.Created);
        var secret = made.Body[made.Body.IndexOf("ta_mcp_", StringComparison.Ordinal)..].Split('"')[0];
        Assert.True(await service.IsActive(secret));
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Rpc(secret, "tools/list")).Status);
    }

    [Fact]
    public async Task A_foreign_origin_is_refused_before_its_token_is_looked_at()
    {
        var token = await service.McpToken();
        foreach (var foreign in (string[])["https://evil.example", "null", Own[..^4].Replace("127.0.0.1", "evil.example")])
        {
            var answer = await service.Rpc(token, "tools/list", headers: ("Origin", foreign));
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Equal("access_denied", (string?)answer.Json["error"]);
        }

        var port = service.Http.BaseAddress!.Port;
        var rebound = await service.Rpc(
            token, "tools/list", null, ("Origin", $"http://evil.example:{port}"), ("Host", $"evil.example:{port}"));
        Assert.Equal(HttpStatusCode.Forbidden, rebound.Status);
        Assert.Equal(
            HttpStatusCode.OK, (await service.Rpc(token, "tools/list", headers: ("Origin", Own[..^4]))).Status);
    }

    [Fact]
    public async Task A_forbidden_tool_is_403_with_the_scope_that_it_needs()
    {
        var viewer = await service.McpToken(new { permission_set = "viewer" });
        var answer = await service.Rpc(
            viewer, "tools/call", new { name = "token_disable", arguments = new { id = service.DefaultTokenId } });
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal("insufficient_scope", (string?)answer.Json["error"]);
        Assert.StartsWith(
            "Bearer error=\"insufficient_scope\", resource_metadata=", answer.Headers["WWW-Authenticate"]);
        Assert.EndsWith("scope=\"tokens:delete\"", answer.Headers["WWW-Authenticate"]);
        var rows = (await service.Get("/lifecycle/v1/audit?filter=path[eq]/mcp&filter=outcome[eq]forbidden", service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.NotEmpty(rows["items"]!.AsArray());
    }

    /// <summary>The protocol reads them, so that what may be called is decided by what it reads.</summary>
    [Theory]
    [InlineData("utf-8", true, "application/json")]
    [InlineData("utf-16", true, "application/json")]
    [InlineData("utf-16", false, "application/json; charset=utf-16")]
    [InlineData("utf-16BE", true, "application/json")]
    [InlineData("utf-32", true, "application/json")]
    [InlineData("us-ascii", false, "application/json; charset=us-ascii")]
    public async Task A_body_in_another_encoding_comes_past_no_rule(string encoding, bool isMarked, string contentType)
    {
        var viewer = await service.McpToken(new { permission_set = "viewer" });
        var before = await Forbidden();
        var refused = await Send("token_disable", new JsonObject { ["id"] = service.DefaultTokenId });
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Equal("insufficient_scope", (string?)refused.Json["error"]);
        Assert.Equal(before + 1, await Forbidden());
        var admitted = await Send("token_search", []);
        Assert.Equal(HttpStatusCode.OK, admitted.Status);
        Assert.Contains("\"items\"", admitted.Body);

        async Task<int> Forbidden() =>
            (await service.Get("/lifecycle/v1/audit?filter=path[eq]/mcp&filter=outcome[eq]forbidden&limit=200", service.Admin)).Json["items"]!.AsArray().Count;

        Task<Answer> Send(string tool, JsonObject arguments)
        {
            JsonObject call = new()
            {
                ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "tools/call", ["params"] = new JsonObject { ["name"] = tool, ["arguments"] = arguments },
            };
            var text = Encoding.GetEncoding(encoding);
            byte[] body = [.. isMarked ? text.GetPreamble() : [], .. text.GetBytes(call.ToJsonString())];
            return service.Send(
                HttpMethod.Post, "/mcp", [("Accept", "application/json, text/event-stream"), ("Authorization", "Bearer " + viewer)], body, contentType);
        }
    }

    [Fact]
    public async Task A_token_for_another_audience_is_not_used_where_it_is_refused()
    {
        var (elsewhere, here) = (
            await service.McpToken(
                new { resource = "https://mcp.example.com/mcp", uses = 3, name = $"elsewhere{Guid.NewGuid():N}" }),
            await service.McpToken(new { uses = 3, name = $"here{Guid.NewGuid():N}" }));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.Rpc(elsewhere, "tools/list")).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await service.Rpc(here, "tools/list")).Status);
        Assert.Equal((null, 3), await Use(elsewhere));
        var (at, left) = await Use(here);
        Assert.Equal((true, 2), (at is not null, left));

        async Task<(string? LastUsedAt, int Left)> Use(string secret)
        {
            // An introspection would be a use.
            var token = (await service.Get($"/lifecycle/v1/tokens/{TokenIds.Of(secret)}", service.Admin)).Is(HttpStatusCode.OK).Json;
            return ((string?)token["last_used_at"], (int)token["uses_left"]!);
        }
    }

    [Theory]
    [InlineData("administrator", null, true, new[] { "token_search", "audit_verify", "token_preview" }, new[] { "token_disable", "token_create", "token_revoke" })]
    [InlineData("administrator", "token_get", false, new[] { "token_get" }, new[] { "token_search", "token_disable" })]
    [InlineData("viewer", null, false, new[] { "token_search" }, new[] { "token_disable", "token_rotate", "webhook_redeliver" })]
    public async Task What_a_token_may_not_use_is_neither_listed_nor_carried_out(
        string set, string? tool, bool readOnly, string[] seen, string[] hidden)
    {
        string[]? only = tool is null ? null : [tool];
        var token = await service.McpToken(new { permission_set = set, tools = only, read_only = readOnly });
        await using var client = await service.Connect(token);
        var names = (await client.ListToolsAsync()).Select(t => t.Name).ToList();
        Assert.All(seen, name => Assert.Contains(name, names));
        Assert.All(hidden, name => Assert.DoesNotContain(name, names));
        foreach (var name in hidden)
        {
            Assert.Equal(
                HttpStatusCode.Forbidden,
                (await service.Rpc(token, "tools/call", new { name, arguments = new { } })).Status);
        }
    }

    [Fact]
    public async Task Two_names_in_one_call_come_past_no_rule()
    {
        var token = await service.McpToken(new { tools = new[] { "token_get" } });
        var body = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"token_search","name":"token_get","arguments":{}}}""";
        var turned = body.Replace("\"token_search\",\"name\":\"token_get\"", "\"token_get\",\"name\":\"token_search\"");
        string[] batches = [body, turned, $"[{turned}]"];
        foreach (var batch in batches)
        {
            var answer = await service.PostMcp(token, batch);
            Assert.DoesNotContain("next_cursor", answer.Body);
            Assert.DoesNotContain("\"items\"", answer.Body);
        }
    }

    [Fact]
    public async Task The_other_apis_go_on_refusing_mcp_tokens()
    {
        var token = await service.McpToken();
        string[] paths = ["/v1/tokens", "/lifecycle/v1/tokens", "/lifecycle/v1/intents/01234567-0123-4123-8123-012345678901", "/lifecycle/v1/audit"];
        foreach (var path in paths)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await service.Get(path, token)).Status);
        }
    }

    [Fact]
    public async Task Introspection_names_the_audience()
    {
        var token = await service.McpToken(new { resource = "https://mcp.example.com/mcp", tools = new[] { "a" } });
        Assert.Equal(
            "https://mcp.example.com/mcp", (string?)(await service.Introspect(service.Admin, token)).Json["aud"]);
        var many = (await service.Post("/lifecycle/v1/introspect", service.Admin, new { tokens = new[] { token, service.Admin } })).Is(HttpStatusCode.OK).Json;
        Assert.Equal("https://mcp.example.com/mcp", (string?)many["items"]![0]!["aud"]);
        Assert.Null(many["items"]![1]!["aud"]);
        Assert.Equal(Own, (string?)(await service.Introspect(service.Admin, await service.McpToken())).Json["aud"]);
    }

    [Theory]
    [InlineData("rotate")]
    [InlineData("reset")]
    public async Task Another_pair_of_a_token_may_do_no_more_than_the_one_before(string command)
    {
        var made = (await service.Post(
            "/lifecycle/v1/tokens", service.Admin,
            new { kind = "mcp", permission_set = "administrator", tools = new[] { "token_get", "token_disable" }, read_only = true })).Is(HttpStatusCode.Created).Json;
        var renewed = (await service.Post($"/lifecycle/v1/tokens/{made["id"]}/{command}", service.Admin, new { })).Is(HttpStatusCode.OK).Json;
        Assert.Equal(made["claims"]!.ToJsonString(), renewed["claims"]!.ToJsonString());
        await using var client = await service.Connect((string)renewed["secrets"]!["access"]!);
        Assert.Equal(["token_get"], (await client.ListToolsAsync()).Select(tool => tool.Name));
    }

    [Fact]
    public async Task Limits_and_ends_of_a_token_hold_here_too()
    {
        var slow = await service.McpToken(new { per_second = 1, burst = 1, name = $"s{Guid.NewGuid():N}" });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            statuses.Add((await service.Rpc(slow, "tools/list")).Status);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        var once = await service.McpToken(new { uses = 1 });
        Assert.Equal(
            HttpStatusCode.OK,
            (await service.Rpc(once, "tools/call", new { name = "token_search", arguments = new { } })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Rpc(once, "tools/list")).Status);
        var elsewhere = await service.McpToken(new { addresses = new[] { "192.0.2.0/24" } });
        Assert.Equal(HttpStatusCode.Forbidden, (await service.Rpc(elsewhere, "tools/list")).Status);
        var revoked = await service.McpToken();
        (await service.Revoke(service.Admin, revoked)).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Rpc(revoked, "tools/list")).Status);
        var large = await service.PostMcp(await service.McpToken(), new string(' ', 1_100_000) + "{}");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
    }

    [Fact]
    public async Task What_is_no_call_is_answered_as_the_protocol_says()
    {
        var token = await service.McpToken();
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await service.Get("/mcp", token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Get("/mcp/else", token)).Status);
        var broken = await service.PostMcp(token, "{");
        Assert.True(broken.Status == HttpStatusCode.BadRequest, broken.Body);
    }

    /// <summary>A model can act on them, and the service's log does not hold a stack for each.</summary>
    [Theory]
    [InlineData("tools/call", """{"name":"no_such_tool","arguments":{}}""", "there is no tool of this name; tools/list has")]
    [InlineData("tools/call", """{"name":"\ud83d\ude00"}""", "there is no tool of this name")]
    [InlineData("tools/call", "{}", "tools/call takes the parameters {\"name\": a tool's name")]
    [InlineData("tools/call", "[]", "tools/call takes")]
    [InlineData("tools/call", "null", "tools/call takes")]
    [InlineData("tools/call", "\"x\"", "tools/call takes")]
    [InlineData("tools/call", """{"name":1}""", "look at $.name")]
    [InlineData("tools/call", """{"name":null}""", "tools/call takes")]
    [InlineData("tools/call", """{"name":"token_get","arguments":[]}""", "look at $.arguments")]
    [InlineData("tools/call", """{"name":"token_get","arguments":"x"}""", "look at $.arguments")]
    [InlineData("tools/call", """{"name":"token_get","_meta":5}""", "look at $._meta")]
    [InlineData("tools/call", """{"name":"token_get","arguments":{"id":"\ud800"}}""", "holds characters that no text has")]
    [InlineData("tools/call", """{"name":"\ud800"}""", "tools/call takes")]
    [InlineData("tools/list", """{"cursor":5}""", "not of the shape that the protocol gives those of tools/list; look at $.cursor")]
    [InlineData("initialize", """{"protocolVersion":1}""", "not of the shape")]
    public async Task Parameters_of_another_shape_are_invalid_params_in_words(
        string method, string parameters, string words)
    {
        var token = await service.McpToken();
        foreach (var id in new[] { "7", "\"seven\"" })
        {
            var answer = (await service.PostMcp(token, $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""")).Is(HttpStatusCode.OK).Json;
            Assert.Equal(
                ("2.0", id, -32602),
                ((string)answer["jsonrpc"]!, answer["id"]!.ToJsonString(), (int)answer["error"]!["code"]!));
            Assert.Contains(words, (string)answer["error"]!["message"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_bearer_that_is_none_learns_nothing_of_its_parameters() =>
        (await service.PostMcp("ta_mcp_none", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":[]}""")).Is(HttpStatusCode.Unauthorized);
}

/// <summary>A service that is known by a URL.</summary>
public sealed class NamedService : Service
{
    public const string Issuer = "https://tokens.example.com";
    public const string Page = "https://inspector.example.com";

    protected override string[] Settings => ["--TokenActors:Issuer", Issuer, "--TokenActors:Mcp:Origins:0", Page];
}

public sealed class NamedServiceTests(NamedService service) : IClassFixture<NamedService>
{
    [Fact]
    public async Task The_audience_follows_from_the_issuer()
    {
        var token = await service.McpToken();
        Assert.Equal(
            $"{NamedService.Issuer}/mcp", (string?)(await service.Introspect(service.Admin, token)).Json["aud"]);
        Assert.Equal(HttpStatusCode.OK, (await service.Rpc(token, "tools/list")).Status);
        var local = await service.McpToken(new { resource = new Uri(service.Http.BaseAddress!, "/mcp") });
        Assert.Equal(HttpStatusCode.Unauthorized, (await service.Rpc(local, "tools/list")).Status);
        var told = (await service.Get("/.well-known/oauth-protected-resource/mcp", null)).Is(HttpStatusCode.OK).Json;
        Assert.Equal(
            $$"""{"resource":"{{NamedService.Issuer}}/mcp","authorization_servers":["{{NamedService.Issuer}}"],"bearer_methods_supported":["header"],"resource_name":"TokenActors"}""",
            told.ToJsonString());
    }

    [Fact]
    public async Task A_page_that_the_operator_named_may_ask_from_a_browser()
    {
        var token = await service.McpToken();
        var answer = await service.Rpc(token, "tools/list", headers: ("Origin", NamedService.Page));
        Assert.Equal(
            (HttpStatusCode.OK, NamedService.Page), (answer.Status, answer.Headers["Access-Control-Allow-Origin"]));
        var asked = await service.Send(
            HttpMethod.Options, "/mcp",
            [("Origin", NamedService.Page), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type")]);
        Assert.Equal(NamedService.Page, asked.Headers["Access-Control-Allow-Origin"]);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await service.Rpc(token, "tools/list", headers: ("Origin", "https://evil.example"))).Status);
    }
}

/// <summary>A service without the server.</summary>
public sealed class ServiceWithoutMcp : Service
{
    protected override string[] Settings => ["--TokenActors:Mcp:Enabled", "false"];
}

public sealed class SwitchTests(ServiceWithoutMcp service) : IClassFixture<ServiceWithoutMcp>
{
    [Fact]
    public async Task Switched_off_there_is_nothing()
    {
        var token = await service.McpToken();
        (await service.Rpc(token, "tools/list")).Is(HttpStatusCode.NotFound);
        (await service.Get("/.well-known/oauth-protected-resource/mcp", null)).Is(HttpStatusCode.NotFound);
        Assert.True(await service.IsActive(token));
    }
}
