using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>The audit trail: one entry a call, also for what was refused, and never a secret.</summary>
[Collection("service")]
public sealed class AuditTests(Service service)
{
    private async Task<JsonArray> Trail(string bearer, string query = "limit=1000") =>
        (await service.Get($"/v1/audit/organizations?{query}", bearer)).Is(HttpStatusCode.OK).Result.AsArray();

    /// <summary>Whoever is narrowed to no account by its id sees nothing of what is about no account.</summary>
    [Theory]
    [InlineData("""{"accounts":{"ids":["*"],"labels":["x"]}}""")]
    [InlineData("""{"accounts":{"ids":["*"],"environments":["test"]}}""")]
    [InlineData("""{"integrations":{"categories":["siem"]}}""")]
    public async Task A_bearer_that_is_narrowed_otherwise_than_by_accounts_sees_none_of_the_trail(string resources)
    {
        var narrowed = await service.Create("administrator", JsonNode.Parse(resources));
        Assert.Empty(await Trail(narrowed.Access));
    }

    [Fact]
    public async Task Every_change_and_every_refused_change_leaves_one_entry()
    {
        var (_, member, boss) = await service.NewOrganization();
        var account = (string)(await service.Post("/v1/accounts", boss.Access, "{}")).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var made = (await service.Post($"/v1/integrations/{account}", boss.Access, """{"provider_config":{"type":"ticketing_jira","url":"https://x","credential":{"type":"token","secret":"hunter2-hunter2"}}}""")).Is(HttpStatusCode.Created);
        var integration = (string)made.Result["integration"]!["id"]!;
        (await service.Post("/v1/accounts", boss.Access, """{"color":"red"}""")).IsProblem(HttpStatusCode.BadRequest);
        var missing = Guid.NewGuid();
        (await service.Delete($"/v1/accounts/{missing}", boss.Access)).IsProblem(HttpStatusCode.NotFound);
        var viewer = await service.Create("viewer", bearer: boss.Access);
        (await service.Post("/v1/accounts", viewer.Access, "{}")).IsProblem(HttpStatusCode.Forbidden);
        await service.Get("/v1/accounts", boss.Access);
        (await service.Delete($"/v1/accounts/{account}", boss.Access)).Is(HttpStatusCode.NoContent);

        var trail = await Trail(boss.Access);
        Assert.Equal(
            [
                "POST /v1/accounts 201 done", $"POST /v1/integrations/{account} 201 done",
                "POST /v1/accounts 400 invalid", $"DELETE /v1/accounts/{missing} 404 not_found",
                "POST /v1/tokens 201 done", "POST /v1/accounts 403 forbidden",
                $"DELETE /v1/accounts/{account} 204 done",
            ],
            trail.Select(e => $"{e!["method"]} {e["path"]} {e["code"]} {e["status"]}"));
        Assert.All(trail, e => Assert.Equal(
            (member.ToString(), "API", "127.0.0.1"),
            ((string)e!["member_id"]!, (string)e["audit_type"]!, (string)e["remote_addr"]!)));
        Assert.Equal((account, integration), ((string)trail[1]!["account_id"]!, (string)trail[1]!["integration_id"]!));
        Assert.DoesNotContain("hunter2", trail.ToJsonString());
        Assert.DoesNotContain("ta_", trail.ToJsonString());

        // Pages go on after a time, both ways, and lose nothing.
        List<string> seen = [];
        for (var after = ""; ;)
        {
            var page = await Trail(boss.Access, $"limit=2{(after.Length > 0 ? $"&start_after={after}" : "")}");
            if (page.Count == 0)
            {
                break;
            }

            seen.AddRange(page.Select(e => (string)e!["response"]!));
            after = (string)page[^1]!["created_at"]!;
        }

        Assert.Equal(trail.Select(e => (string)e!["response"]!), seen);
        Assert.Equal(
            trail.Select(e => (string)e!["response"]!).Reverse(),
            (await Trail(boss.Access, "order=created_at[desc]&limit=1000")).Select(e => (string)e!["response"]!));
        Assert.Equal(2, (await Trail(boss.Access, "filter=method[eq]DELETE")).Count);
        Assert.Equal(3, (await Trail(boss.Access, $"filter=account_id[eq]{account}")).Count);
    }

    [Fact]
    public async Task A_stranger_and_a_narrowed_bearer_see_only_what_is_theirs()
    {
        var (_, _, stranger) = await service.NewOrganization();
        Assert.Empty(await Trail(stranger.Access));
        var accounts = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            accounts.Add((string)(await service.Post("/v1/accounts", service.Admin, "{}")).Result["account"]!["id"]!);
        }

        var narrow = await service.Create("viewer", new { accounts = new { ids = new[] { accounts[0] } } });
        var trail = await Trail(narrow.Access);
        Assert.Equal(accounts[0], (string)Assert.Single(trail)!["account_id"]!);
        (await service.Get("/v1/audit/organizations", (await service.Create("token-issuer")).Access)).IsProblem(HttpStatusCode.Forbidden);
        (await service.Get("/v1/audit/organizations?order=path", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "order");
        (await service.Get("/v1/audit/organizations?start_after=yesterday", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "start_after");
    }
}
