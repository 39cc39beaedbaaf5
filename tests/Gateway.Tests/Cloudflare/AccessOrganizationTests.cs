using System.Net;
using TokenActors.Gateway.Tests.Lifecycle;
using static TokenActors.Gateway.Tests.Lifecycle.Imports;

namespace TokenActors.Gateway.Tests.Cloudflare;

/// <summary>A service whose setting says which organization's tokens <c>/access/verify</c> is about.</summary>
public sealed class AccessOrganizationTests : IAsyncLifetime
{
    private readonly Door _service = new();

    /// <summary>Its organization has an id only once it has started.</summary>
    private sealed class Door : Service
    {
        public string? Organization { get; set; }

        protected override string[] Settings =>
            Organization is null ? [] : ["--TokenActors:Access:Organization", Organization];
    }

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_question_without_an_organization_is_about_that_of_the_setting()
    {
        (await Verify(_service.Admin, "")).Is(HttpStatusCode.BadRequest);
        _service.Organization = _service.OrganizationId;
        await _service.RestartAsync();

        var made = await _service.Create("viewer");
        var key = NewKey();
        await _service.ImportOne(Line(key));
        foreach (var secret in new[] { made.Access, key })
        {
            Assert.Equal(
                _service.OrganizationId,
                (await Verify(secret, "")).Is(HttpStatusCode.OK).Headers["X-Token-Organization"]);
            (await Verify(secret, "?action=accounts:get")).Is(HttpStatusCode.OK);
        }

        (await Verify("nonsense", "")).Is(HttpStatusCode.Unauthorized);
        (await Verify(made.Refresh, "")).Is(HttpStatusCode.Unauthorized);
        (await Verify(made.Access, "?action=accounts:delete")).Is(HttpStatusCode.Forbidden);

        var (other, _, foreign) = await _service.NewOrganization();
        (await Verify(foreign.Access, "")).Is(HttpStatusCode.Forbidden);
        (await Verify(foreign.Access, $"?organization_id={other}")).Is(HttpStatusCode.OK);
        (await Verify(made.Access, $"?organization_id={other}")).Is(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Service_tokens_are_held_against_it_too()
    {
        _service.Organization = _service.OrganizationId;
        await _service.RestartAsync();
        var (other, _, foreign) = await _service.NewOrganization();
        foreach (var (organization, admin, status) in new[]
        {
            (_service.OrganizationId, _service.Admin, HttpStatusCode.OK), (other.ToString(), foreign.Access, HttpStatusCode.Forbidden),
        })
        {
            var made = (await _service.Post(
                $"/client/v4/accounts/{Guid.Parse(organization):N}/access/service_tokens", admin,
                new { name = "door" }))
                .Is(HttpStatusCode.Created).Result;
            (await _service.Send(
                HttpMethod.Get, "/access/verify", [("CF-Access-Client-Id", (string)made["client_id"]!), ("CF-Access-Client-Secret", (string)made["client_secret"]!)]))
                .Is(status);
        }
    }

    private Task<Answer> Verify(string bearer, string query) => _service.Get("/access/verify" + query, bearer);
}
