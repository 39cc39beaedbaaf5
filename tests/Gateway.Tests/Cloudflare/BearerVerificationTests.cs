using System.Net;

namespace TokenActors.Gateway.Tests.Cloudflare;

/// <summary><c>/access/verify</c> for bearers of the service itself.</summary>
[Collection("service")]
public sealed class BearerVerificationTests(Service service)
{
    private Task<Answer> Verify(string? bearer, string query) => service.Get("/access/verify" + query, bearer);

    private string Organization => $"?organization_id={service.OrganizationId}";

    [Fact]
    public async Task A_bearer_of_the_organization_passes_and_is_named()
    {
        var made = await service.Create("viewer", name: $"n{Guid.NewGuid():N}");
        var answer = (await Verify(made.Access, Organization)).Is(HttpStatusCode.OK);
        Assert.Equal("", answer.Body);
        Assert.Equal(made.Id, answer.Headers["X-Token-Id"]);
        Assert.Equal("organization", answer.Headers["X-Token-Kind"]);
        Assert.Equal(service.OrganizationId, answer.Headers["X-Token-Organization"]);
        Assert.Equal("viewer", answer.Headers["X-Token-Scope"]);
        (await service.Send(HttpMethod.Head, "/access/verify" + Organization, made.Access)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_an_organization_no_tenant_passes()
    {
        (await Verify(service.Admin, "")).Is(HttpStatusCode.BadRequest);
        (await Verify(service.Admin, "?organization_id=nothing")).Is(HttpStatusCode.BadRequest);
        (await Verify(service.Admin, $"{Organization}&organization_id={service.OrganizationId}")).Is(HttpStatusCode.BadRequest);
        var (other, _, foreign) = await service.NewOrganization();
        (await Verify(foreign.Access, Organization)).Is(HttpStatusCode.Forbidden);
        (await Verify(foreign.Access, $"?organization_id={other}")).Is(HttpStatusCode.OK);
    }

    /// <summary>
    /// Cloudflare's question names an account alone, which is enough for its service tokens and for nothing else: no
    /// kind of bearer is let in before the organization is named, and only those that open doors, or that the question
    /// names, then.
    /// </summary>
    [Fact]
    public async Task An_account_alone_is_a_question_about_service_tokens_and_not_about_bearers_of_any_kind()
    {
        var alone = $"?account_id={service.OrganizationId}";
        var name = $"m{Guid.NewGuid():N}@example.com";
        (await service.Post("/v1/members", service.Admin, new { name, secret = "correct horse battery" })).Is(HttpStatusCode.Created);
        var session = (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = "correct horse battery" })).Is(HttpStatusCode.OK).Result;
        var mcp = (await service.Post("/lifecycle/v1/tokens", service.Admin, new { kind = "mcp", permission_set = "viewer" })).Is(HttpStatusCode.Created).Json;
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var integration = (string)(await service.Post($"/v1/integrations/{account}", service.Admin, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created).Result["integration"]!["id"]!;
        var ofIntegration = (await service.Post($"/v1/tokens/{account}/{integration}", service.Admin, new { })).Is(HttpStatusCode.Created).Result;
        var flow = (await service.Post("/api/v2/token", service.Admin, new { type = "global", name = "n", permissions = new[] { "**/**" } })).Is(HttpStatusCode.OK).Json;
        var access = (await service.Send(HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "reader" })).Is(HttpStatusCode.Created).Json;
        (string Kind, string Secret, bool OpensDoors)[] bearers =
        [
            ("default", service.Admin, true), ("organization", (await service.Create("viewer")).Access, true),
            ("launchdarkly", (string)access["token"]!, true),
            ("boomerang", (string)flow["token"]!, true),
            ("session", (string)session["token"]!["access"]!["secret"]!, false),
            ("connect-ui", (await service.Create("connect-ui")).Access, false),
            ("mcp", (string)mcp["secrets"]!["access"]!, false),
            ("integration", (string)ofIntegration["secret"]!, false),
        ];
        foreach (var (kind, secret, opensDoors) in bearers)
        {
            Assert.True((await Verify(secret, alone)).Status == HttpStatusCode.BadRequest, kind);
            Assert.True((await Verify(secret, $"{alone}&kind={kind}")).Status == HttpStatusCode.BadRequest, kind);
            var whole = await Verify(secret, $"{Organization}&account_id={service.OrganizationId}");
            Assert.True(
                whole.Status == (opensDoors ? HttpStatusCode.OK : HttpStatusCode.Forbidden), $"{kind}: {whole.Status}");
            Assert.True((await Verify(secret, $"{Organization}&account_id={Guid.NewGuid()}")).Status == HttpStatusCode.Forbidden, kind);
        }

        var token = await ServiceToken(service.OrganizationId, service.Admin);
        (string, string)[] headers = [("CF-Access-Client-Id", token.Client), ("CF-Access-Client-Secret", token.Secret)];
        (await service.Send(HttpMethod.Get, "/access/verify" + alone, headers)).Is(HttpStatusCode.OK);
        (await service.Send(HttpMethod.Get, $"/access/verify?account_id={Guid.NewGuid()}", headers)).Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Dead_and_refresh_secrets_are_401()
    {
        var made = await service.Create();
        (await Verify(made.Refresh, Organization)).Is(HttpStatusCode.Unauthorized);
        await service.Delete($"/v1/tokens/{made.Id}", service.Admin);
        (await Verify(made.Access, Organization)).Is(HttpStatusCode.Unauthorized);
        (await Verify(null, Organization)).Is(HttpStatusCode.Unauthorized);
        (await Verify("nonsense", Organization)).Is(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_question_may_ask_for_a_permission()
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var viewer = await service.Create("viewer", new { accounts = new { ids = new[] { account } } });
        (await Verify(viewer.Access, $"{Organization}&action=accounts:get&resource=account/{account}")).Is(HttpStatusCode.OK);
        (await Verify(viewer.Access, $"{Organization}&action=accounts:delete&resource=account/{account}")).Is(HttpStatusCode.Forbidden);
        (await Verify(viewer.Access, $"{Organization}&action=accounts:get&resource=account/{Guid.NewGuid()}")).Is(HttpStatusCode.Forbidden);
        (await Verify(viewer.Access, $"{Organization}&action=nothing:at-all")).Is(HttpStatusCode.BadRequest);
    }

    /// <summary>A proxy that names an account alone would be open to every bearer of the organization.</summary>
    [Fact]
    public async Task A_resource_without_an_action_is_no_question()
    {
        var viewer = await service.Create("viewer");
        (await Verify(viewer.Access, $"{Organization}&resource=organization")).Is(HttpStatusCode.BadRequest);
        (await Verify(viewer.Access, $"{Organization}&resource=account/nobody")).Is(HttpStatusCode.BadRequest);
        (await Verify(viewer.Access, $"{Organization}&resource=organization&action=accounts:get")).Is(HttpStatusCode.OK);
    }

    /// <summary>Everything that is asked holds for service tokens as for bearers.</summary>
    [Theory]
    [InlineData("", true, false)]
    [InlineData("&kind=organization", false, false)]
    [InlineData("&kind=organization,cloudflare", true, false)]
    [InlineData("&kind=cloudflare", true, false)]
    [InlineData("&account_id={org}", true, false)]
    [InlineData("&account_id={other}", false, false)]
    [InlineData("&service_token_id={own}", true, false)]
    [InlineData("&service_token_id={foreign}", false, false)]
    [InlineData("&action=accounts:get", false, false)]
    [InlineData("&action=tokens:delete&resource=organization", false, false)]
    public async Task A_service_token_is_held_against_every_question(string query, bool own, bool foreign)
    {
        var (other, _, admin) = await service.NewOrganization();
        var mine = await ServiceToken(service.OrganizationId, service.Admin);
        var theirs = await ServiceToken(other.ToString(), admin.Access);
        query = Organization + query.Replace("{org}", service.OrganizationId, StringComparison.Ordinal).Replace(
            "{other}", other.ToString(), StringComparison.Ordinal)
            .Replace("{own}", mine.Id, StringComparison.Ordinal).Replace(
                "{foreign}", theirs.Id, StringComparison.Ordinal);
        foreach (var (token, passes) in new[] { (mine, own), (theirs, foreign) })
        {
            var status = passes ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            (await service.Send(HttpMethod.Get, "/access/verify" + query, [("CF-Access-Client-Id", token.Client), ("CF-Access-Client-Secret", token.Secret)])).Is(status);
            var both = $$"""{"cf-access-client-id":"{{token.Client}}","cf-access-client-secret":"{{token.Secret}}"}""";
            (await service.Send(HttpMethod.Get, "/access/verify" + query, [("Authorization", both)])).Is(status);
        }
    }

    [Fact]
    public async Task A_bearer_is_held_against_accounts_and_service_tokens_too()
    {
        var made = await service.Create("viewer");
        var token = await ServiceToken(service.OrganizationId, service.Admin);
        (await Verify(made.Access, $"{Organization}&account_id={service.OrganizationId}")).Is(HttpStatusCode.OK);
        foreach (var left in new[] { $"&account_id={Guid.NewGuid()}", "&account_id=", "&account_id=none", $"&service_token_id={token.Id}", $"&service_token_id={made.Id}" })
        {
            (await Verify(made.Access, Organization + left)).Is(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task A_token_for_an_mcp_server_opens_no_other_door()
    {
        var secret = (string)(await service.Post("/lifecycle/v1/tokens", service.Admin, new
        {
            kind = "mcp", resource = "https://mcp.example.com/mcp", permission_set = "viewer",
        })).Is(HttpStatusCode.Created).Json["secrets"]!["access"]!;
        (await Verify(secret, Organization)).Is(HttpStatusCode.Forbidden);
        (await Verify(secret, $"{Organization}&action=accounts:get")).Is(HttpStatusCode.Forbidden);
        (await Verify(secret, $"{Organization}&kind=mcp")).Is(HttpStatusCode.OK);
    }

    private async Task<(string Id, string Client, string Secret)> ServiceToken(string organization, string admin)
    {
        var made = (await service.Post(
            $"/client/v4/accounts/{Guid.Parse(organization):N}/access/service_tokens", admin,
            new { name = $"s{Guid.NewGuid():N}" }))
            .Is(HttpStatusCode.Created).Result;
        return ((string)made["id"]!, (string)made["client_id"]!, (string)made["client_secret"]!);
    }

    [Fact]
    public async Task What_is_not_made_to_open_doors_passes_only_by_name()
    {
        var name = $"m{Guid.NewGuid():N}@example.com";
        await service.Post("/v1/members", service.Admin, new { name, secret = "correct horse battery" });
        var session = (string)(await service.Post(
            $"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = "correct horse battery" }))
            .Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;
        var page = await service.Create("connect-ui");
        foreach (var (secret, kind) in new[] { (session, "session"), (page.Access, "connect-ui") })
        {
            (await Verify(secret, Organization)).Is(HttpStatusCode.Forbidden);
            (await Verify(secret, $"{Organization}&kind=organization")).Is(HttpStatusCode.Forbidden);
            (await Verify(secret, $"{Organization}&kind=organization,{kind}")).Is(HttpStatusCode.OK);
        }
    }
}
