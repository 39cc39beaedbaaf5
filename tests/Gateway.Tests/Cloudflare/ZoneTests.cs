using System.Net;

namespace TokenActors.Gateway.Tests.Cloudflare;

/// <summary>Zones that the operator says are an organization's.</summary>
public sealed class ZoneTests(ZoneTests.Zoned service) : IClassFixture<ZoneTests.Zoned>
{
    private static readonly Guid Organization = new("0195f3c2-5c0b-7a7f-8f2e-0242ac120002");
    private static readonly Guid Zone = new("023e105f-4ecf-4f8a-9d3c-1b5a6f7c8d9e");

    public sealed class Zoned : Service
    {
        protected override string[] Settings =>
        [
            "--TokenActors:Cloudflare:Zones:0:Zone", Zone.ToString("N"),
            "--TokenActors:Cloudflare:Zones:0:Organization", Organization.ToString(),
        ];
    }

    private static string Tokens(string kind, Guid id) => $"/client/v4/{kind}/{id:N}/access/service_tokens";

    [Fact]
    public async Task A_zone_stands_for_the_organization_that_the_operator_says_and_for_no_other()
    {
        var (_, _, admin) = await service.NewOrganization(Organization);
        var made = (await service.Post(Tokens("zones", Zone), admin.Access, new { name = "x" })).Is(HttpStatusCode.Created).Result;
        foreach (var path in new[] { Tokens("zones", Zone), Tokens("zones", Organization), Tokens("accounts", Organization) })
        {
            var listed = (await service.Get(path, admin.Access)).Is(HttpStatusCode.OK).Json["result"]!.AsArray();
            Assert.Equal((string?)made["id"], (string?)Assert.Single(listed)!["id"]);
        }

        (await service.Get(Tokens("accounts", Zone), admin.Access)).Is(HttpStatusCode.Forbidden);
        (await service.Get(Tokens("zones", Zone), service.Admin)).Is(HttpStatusCode.Forbidden);
        (await service.Delete($"{Tokens("zones", Zone)}/{made["id"]}", service.Admin)).Is(HttpStatusCode.Forbidden);
        (await service.Delete($"{Tokens("zones", Zone)}/{made["id"]}", admin.Access)).Is(HttpStatusCode.OK);
    }
}
