using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What an operation does not take is refused: whoever sends it believes that it is heard.</summary>
[Collection("service")]
public sealed class UnexpectedTests(Service service)
{
    private const string Tokens = "/lifecycle/v1/tokens";

    [Theory]
    [InlineData("reset", """{"deadline":"2100-01-01T00:00:00Z"}""")]
    [InlineData("refresh", """{"deadline":"2100-01-01T00:00:00Z"}""")]
    [InlineData("disable", """{"dry_run":true}""")]
    [InlineData("enable", "[1]")]
    [InlineData("remove-secondary", """{"bogus":1}""")]
    public async Task A_command_without_a_body_takes_none(string command, string body)
    {
        var made = await service.Create("viewer");
        var refused = await service.Post($"{Tokens}/{made.Id}/{command}", service.Admin, JsonNode.Parse(body));
        Assert.Contains("takes none", refused.Is(HttpStatusCode.BadRequest).Body, StringComparison.Ordinal);
        Assert.True(await service.IsActive(made.Access));
        (await service.Post($"{Tokens}/{made.Id}/{command}", service.Admin, new { })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cloudflare_refuses_it_in_its_own_shape()
    {
        var account = $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens";
        var serviceToken = (await service.Post(account, service.Admin, new { name = "one" })).Json["result"]!;
        var refused = await service.Post(
            $"{account}/{(string)serviceToken["id"]!}/refresh", service.Admin, new { duration = "1h" });
        Assert.False((bool)refused.Is(HttpStatusCode.BadRequest).Json["success"]!);
        (await service.Post($"{account}/{(string)serviceToken["id"]!}/refresh", service.Admin, new { })).Is(HttpStatusCode.OK);
        (await service.Post($"{account}/{(string)serviceToken["id"]!}/refresh", service.Admin, " ")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_parameter_that_there_is_not_is_refused_and_nothing_is_done()
    {
        var made = await service.Create("viewer");
        (await service.Delete($"{Tokens}/{made.Id}?dryrun=true", service.Admin)).Is(HttpStatusCode.BadRequest);
        (await service.Get($"{Tokens}?filtr=kind[eq]mcp", service.Admin)).Is(HttpStatusCode.BadRequest);
        (await service.Get($"/lifecycle/v1/webhooks?cursr=x", service.Admin)).Is(HttpStatusCode.BadRequest);
        var gate = $"/access/verify?organization_id={service.OrganizationId}";
        (await service.Get($"{gate}&action=accounts:delete", made.Access)).Is(HttpStatusCode.Forbidden);
        (await service.Get($"{gate}&acton=accounts:delete", made.Access)).Is(HttpStatusCode.BadRequest);
        (await service.Get($"{gate}&KIND=organization", made.Access)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("dryrun=true")]
    [InlineData("dryRun=true")]
    [InlineData("dry-run=true")]
    [InlineData("dry_run[]=true")]
    [InlineData("dry_run%20=true")]
    [InlineData("DryRun")]
    public async Task A_slip_of_dry_run_deletes_nothing_by_any_api(string query)
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { name = $"a{Guid.NewGuid():N}" })).Result["account"]!["id"]!;
        var refused = await service.Delete($"/v1/accounts/{account}?{query}", service.Admin);
        Assert.Contains("dry_run", refused.Is(HttpStatusCode.BadRequest).Body, StringComparison.Ordinal);
        (await service.Get($"/v1/accounts/{account}?{query}", service.Admin)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_wrong_secret_of_many_is_inactive_by_itself()
    {
        var made = await service.Create("viewer");
        var answer = await service.Post(
            "/lifecycle/v1/introspect", service.Admin, new { tokens = new[] { made.Access, "x" + made.Access, $"\"{made.Access}\"", "nothing" } });
        Assert.Equal(
            [true, false, false, false],
            answer.Is(HttpStatusCode.OK).Json["items"]!.AsArray().Select(one => (bool)one!["active"]!));
    }

    [Fact]
    public async Task An_id_of_an_account_narrows_in_whatever_case()
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { name = $"a{Guid.NewGuid():N}" })).Result["account"]!["id"]!;
        var made = (await service.Post(Tokens, service.Admin, new
        {
            permission_set = "viewer", resources = new { accounts = new { ids = new[] { account.ToUpperInvariant() } } },
        })).Is(HttpStatusCode.Created).Json;
        (await service.Get($"/v1/accounts/{account}", (string)made["secrets"]!["access"]!)).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("x\u200bb@example.com")]
    [InlineData("x\u202eb@example.com")]
    [InlineData("\uff41@example.com")]
    [InlineData("x\ufffeb@example.com")]
    [InlineData("x\uffffb@example.com")]
    [InlineData("x\u034fb@example.com")]
    [InlineData("x\u115fb@example.com")]
    [InlineData("x\ufe0fb@example.com")]
    [InlineData("x\udb40\udc41b@example.com")]
    public async Task A_name_of_a_member_shows_all_that_it_has(string name) =>
        (await service.Post("/v1/members", service.Admin, Member(name))).Is(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_member_is_one_however_its_letters_are_composed()
    {
        var name = $"x\u00e9{Guid.NewGuid():N}@example.com";
        (await service.Post("/v1/members", service.Admin, Member(name))).Is(HttpStatusCode.Created);
        (await service.Post("/v1/members", service.Admin, Member(name.Normalize(System.Text.NormalizationForm.FormD)))).Is(HttpStatusCode.Conflict);
        var logon = await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new
        {
            name = name.Normalize(System.Text.NormalizationForm.FormD), secret = "correct horse battery staple",
        });
        logon.Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_name_that_has_no_normal_form_is_that_of_no_member() =>
        (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name = "a\ufffe1", secret = "x" })).Is(HttpStatusCode.Unauthorized);

    private static object Member(string name) => new
    {
        name, secret = "correct horse battery staple", role_binding = new[] { "viewer" },
    };
}
