using System.Net;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;

namespace TokenActors.Mcp.Tests;

/// <summary>What the tools answer, by the SDK's own client.</summary>
public sealed class ToolTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Tools_say_what_they_are()
    {
        await using var client = await Connect();
        var tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool);
        Assert.Equal(
        [
            "audit_search", "audit_verify", "cluster_status", "intent_get", "job_get", "policy_breaches",
            "revoke_preview", "token_can",
            "token_create", "token_descendants", "token_disable", "token_enable", "token_extend", "token_get",
            "token_history",
            "token_preview", "token_remove_secondary", "token_revoke", "token_rotate", "token_search", "token_usage",
            "tokens_expiring",
            "tokens_unused", "webhook_deliveries", "webhook_list", "webhook_redeliver",
        ], tools.Keys.Order(StringComparer.Ordinal));
        Assert.All(tools.Values, tool =>
        {
            Assert.NotEmpty(tool.Title!);
            Assert.NotEmpty(tool.Description!);
            Assert.Equal("object", tool.OutputSchema!.Value.GetProperty("type").GetString());
            Assert.False(tool.Annotations!.OpenWorldHint);
            Assert.DoesNotContain("secrets", tool.OutputSchema.Value.GetRawText());
        });
        Assert.True(tools["token_search"].Annotations!.ReadOnlyHint);
        Assert.Equal(
            (false, true),
            (tools["token_revoke"].Annotations!.ReadOnlyHint, tools["token_revoke"].Annotations!.DestructiveHint));
        Assert.Equal(
            (false, true),
            (tools["token_disable"].Annotations!.DestructiveHint, tools["token_disable"].Annotations!.IdempotentHint));
        Assert.Equal("""["plan"]""", JsonNode.Parse(tools["token_revoke"].InputSchema.GetRawText())!["required"]!.ToJsonString());
        Assert.Contains("tokens of one organization", client.ServerInstructions);
    }

    [Fact]
    public async Task Tokens_are_searched_a_page_at_a_time()
    {
        var label = $"l{Guid.NewGuid():N}";
        for (var i = 0; i < 3; i++)
        {
            await Made(label);
        }

        await using var client = await Connect();
        string[] filter = [$"labels[eq]{label}"];
        var first = await client.Answer("token_search", new { filter, limit = 2 });
        Assert.Equal(2, first["items"]!.AsArray().Count);
        var second = await client.Answer(
            "token_search", new { filter, limit = 2, cursor = (string)first["next_cursor"]! });
        Assert.Single(second["items"]!.AsArray());
        Assert.Null(second["next_cursor"]);
        var id = (string)second["items"]![0]!["id"]!;
        Assert.Equal(id, (string?)(await client.Answer("token_get", new { id }))["id"]);
        Assert.Equal(
            "token.issued", (string?)(await client.Answer("token_history", new { id }))["items"]![0]!["event"]);
        Assert.Equal(0, (int?)(await client.Answer("token_usage", new { id, days = 2 }))["accepted"]);
        Assert.Empty((await client.Answer("token_descendants", new { id }))["items"]!.AsArray());
        var can = await client.Answer("token_can", new { id, action = "tokens:delete" });
        Assert.Equal((false, "action_missing"), ((bool)can["allowed"]!, (string)can["because"]!));
        Assert.Contains(
            (await client.Answer("tokens_expiring", new { days = 8, limit = 50 }))["items"]!.AsArray(),
            item => (string?)item!["id"] == id);
        Assert.DoesNotContain(
            (await client.Answer("tokens_unused", new { days = 30 }))["items"]!.AsArray(),
            item => (string?)item!["id"] == id);
        Assert.Empty((await client.Answer("policy_breaches"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_list_has_fifty_rows_at_most()
    {
        await using var client = await Connect();
        for (var i = 0; i < 60; i++)
        {
            await service.McpToken();
        }

        Assert.Equal(50, (await client.Answer("token_search", new { limit = 1000 }))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_preview_changes_nothing_and_a_command_does()
    {
        var id = await Made("x");
        await using var client = await Connect();
        var preview = await client.Answer("token_preview", new { id, command = "disable" });
        Assert.Equal((true, "token.disabled"), ((bool)preview["would_change"]!, (string)preview["change"]!));
        Assert.Equal("active", await StateOf(id));
        Assert.Equal("disabled", (string?)(await client.Answer("token_disable", new { id }))["state"]);
        Assert.Equal("disabled", await StateOf(id));
        Assert.False((bool)(await client.Answer("token_preview", new { id, command = "disable" }))["would_change"]!);
        Assert.Equal("active", (string?)(await client.Answer("token_enable", new { id }))["state"]);
        Assert.Equal("36h", (string?)(await client.Answer("token_extend", new { id, life = "36h" }))["life"]);
        Assert.True((bool)(await client.Answer("token_preview", new { id, command = "extend", life = "48h" }))["would_change"]!);
        (await service.Post($"/lifecycle/v1/tokens/{id}/rotate", service.Admin, new { })).Is(HttpStatusCode.OK);
        Assert.NotNull((await client.Answer("token_get", new { id }))["secondary"]);
        Assert.Null((await client.Answer("token_remove_secondary", new { id }))["secondary"]);
        var rows = (await service.Get($"/lifecycle/v1/audit?filter=subject_id[eq]{id}&filter=event[eq]token.disabled", service.Admin)).Json;
        Assert.Equal("/lifecycle/v1/tokens/" + id + "/disable", (string?)rows["items"]![0]!["path"]);
    }

    [Fact]
    public async Task Revocation_takes_a_plan_and_nothing_else()
    {
        var label = $"l{Guid.NewGuid():N}";
        string[] ids = [await Made(label), await Made(label)];
        await using var client = await Connect();
        var plan = await client.Answer("revoke_preview", new { filter = new[] { $"labels[eq]{label}" } });
        Assert.Equal(2, (int?)plan["affected"]!["tokens"]);
        Assert.Equal("active", await StateOf(ids[0]));
        var wrong = await client.Call("token_revoke", new { plan = ids[0] });
        Assert.Contains("\"code\":\"not-found\"", McpClients.TextOf(wrong));
        var filtered = await client.Call(
            "token_revoke",
            new { plan = (string)plan["plan"]!, filter = new[] { "created_at[gt]2000-01-01T00:00:00Z" } });
        Assert.Contains("\"code\":\"invalid-arguments\"", McpClients.TextOf(filtered));
        var job = (string)(await client.Answer("token_revoke", new { plan = (string)plan["plan"]! }))["id"]!;
        for (var i = 0; i < 200 && (string?)(await client.Answer("job_get", new { id = job }))["state"] != "done"; i++)
        {
            await Task.Yield();
        }

        Assert.Equal(2, (int?)(await client.Answer("job_get", new { id = job }))["done"]);
        Assert.All(ids, id => Assert.Equal(
            HttpStatusCode.NotFound, service.Get($"/lifecycle/v1/tokens/{id}", service.Admin).Result.Status));
    }

    [Fact]
    public async Task Rows_of_the_trail_are_found_and_compared()
    {
        var id = await Made("x");
        await using var client = await Connect();
        var found = await client.Answer(
            "audit_search", new { filter = new[] { $"subject_id[eq]{id}" }, order = "at[asc]" });
        var row = found["items"]![0]!;
        var kept = new { number = (long)row["number"]!, at = (string)row["at"]! };
        var same = await client.Answer("audit_verify", new { rows = new object[] { kept } });
        Assert.Equal([kept.number], same["unproved"]!.AsArray().Select(number => (long)number!));
        var forged = await client.Answer(
            "audit_verify", new { rows = new object[] { new { kept.number, kept.at, code = "AAAA" } } });
        Assert.Equal([kept.number], forged["differing"]!.AsArray().Select(number => (long)number!));
        var gone = await client.Answer(
            "audit_verify", new { rows = new object[] { new { number = 1_000_000_000L, kept.at } } });
        Assert.Single(gone["missing"]!.AsArray());
    }

    [Fact]
    public async Task Webhooks_and_the_cluster_are_told()
    {
        var hook = (string)(await service.Post(
            "/lifecycle/v1/webhooks", service.Admin,
            new { url = "https://hooks.example.com/x", types = new[] { "token.leaked" } }))
            .Is(HttpStatusCode.Created).Json["id"]!;
        await using var client = await Connect();
        Assert.Contains(
            (await client.Answer("webhook_list"))["items"]!.AsArray(), item => (string?)item!["id"] == hook);
        Assert.Empty((await client.Answer("webhook_deliveries", new { id = hook }))["items"]!.AsArray());
        var none = await client.Call("webhook_redeliver", new { id = hook, delivery = "msg_none" });
        Assert.True(none.IsError);
        Assert.NotEmpty((await client.Answer("cluster_status"))["silos"]!.AsArray());
    }

    [Theory]
    [InlineData("token_search", """{"filter":["kin[eq]mcp"]}""", "invalid-request", "there is no field 'kin'")]
    [InlineData("token_search", """{"filter":"kind[eq]mcp"}""", "invalid-arguments", "")]
    [InlineData("token_search", """{"filters":["kind[eq]mcp"]}""", "invalid-arguments", "no argument 'filters'")]
    [InlineData("token_get", """{}""", "invalid-arguments", "'id'")]
    [InlineData("token_get", """{"id":"x"}""", "not-found", "token_search")]
    [InlineData("token_preview", """{"id":"x","command":"explode"}""", "invalid-arguments", "")]
    [InlineData("token_create", """{"token":{"permission_set":"viewer","tools":["a"]}}""", "invalid-request", "/token/tools")]
    [InlineData("token_create", """{"token":{"permissions":"viewer"}}""", "invalid-arguments", "")]
    [InlineData("token_create", """{"token":{"permission_set":"viewer","life":"99999999h"}}""", "invalid-request", "/token/life")]
    [InlineData("audit_verify", """{"rows":[]}""", "invalid-arguments", "1 to 50")]
    public async Task An_error_is_a_result_with_a_code_and_what_to_do(
        string tool, string arguments, string code, string says)
    {
        await using var client = await Connect();
        var result = await client.CallToolAsync(
            tool, JsonNode.Parse(arguments)!.AsObject().ToDictionary(
                field => field.Key, field => (object?)field.Value));
        Assert.True(result.IsError);
        var text = McpClients.TextOf(result);
        var error = JsonNode.Parse(text)!;
        Assert.Equal(code, (string?)error["code"]);
        Assert.NotEmpty((string)error["what_to_do"]!);
        Assert.Contains(says, System.Text.RegularExpressions.Regex.Unescape(text));
    }

    [Fact]
    public async Task A_narrowed_token_sees_and_reaches_what_its_grant_does()
    {
        var account = (await service.Post("/v1/accounts", service.Admin, new { name = $"a{Guid.NewGuid():N}" })).Is(HttpStatusCode.Created);
        var id = (string?)account.Result["account"]?["id"] ?? (string)account.Result["id"]!;
        await using var client = await service.Connect(
            await service.McpToken(new { resources = new { accounts = new { ids = new[] { id } } } }));
        var names = (await client.ListToolsAsync()).Select(tool => tool.Name).ToList();
        Assert.DoesNotContain("webhook_list", names);
        Assert.DoesNotContain("cluster_status", names);
        var foreign = await client.Call("token_get", new { id = service.DefaultTokenId });
        Assert.Contains("\"code\":\"not-found\"", McpClients.TextOf(foreign));
    }

    private async Task<McpClient> Connect() => await service.Connect(await service.McpToken());

    private async Task<string?> StateOf(string id) =>
        (string?)(await service.Get($"/lifecycle/v1/tokens/{id}", service.Admin)).Json["state"];

    private async Task<string> Made(string label)
    {
        var made = await service.Post(
            "/lifecycle/v1/tokens", service.Admin, new { permission_set = "viewer", labels = new[] { label } });
        return (string)made.Is(HttpStatusCode.Created).Json["id"]!;
    }
}
