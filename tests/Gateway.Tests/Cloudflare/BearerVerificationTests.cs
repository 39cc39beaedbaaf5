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

    [Fact]
    public async Task What_is_not_made_to_open_doors_passes_only_by_name()
    {
        var name = $"m{Guid.NewGuid():N}@example.com";
        await service.Post("/v1/members", service.Admin, new { name, secret = "correct horse battery" });
        var session = (string)(await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = "correct horse battery" }))
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
