using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Tests.Management;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Every filter of <c>/lifecycle/v1/audit</c> finds the rows that it names, and no others.</summary>
public sealed class AuditFilterTests(AuditFilterTests.Trail service) : IClassFixture<AuditFilterTests.Trail>
{
    private const string Path = "/lifecycle/v1/audit";

    /// <summary>A trail that has at least two values of each field.</summary>
    public sealed class Trail : Service, IAsyncLifetime
    {
        protected override string[] Settings => ["--TokenActors:ForwardedHeaders:KnownProxies:0", "127.0.0.1"];

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            foreach (var (address, client) in new[] { ("192.0.2.1", "one/1.0"), ("192.0.2.2", "two/2.0") })
            {
                const string Password = "correct horse battery";
                var name = $"m{Guid.NewGuid():N}@example.com";
                await Post(
                    "/v1/members", Admin, new { name, secret = Password, role_binding = new[] { "administrator" } });
                var session = (string)(await Post($"/v1/auth/logon/{OrganizationId}", null, new { name, secret = Password })).Result["token"]!["access"]!["secret"]!;
                (string, string)[] headers = [("Authorization", "Bearer " + session), ("X-Forwarded-For", address), ("User-Agent", client)];
                var account = (string)(await Send(HttpMethod.Post, "/v1/accounts", headers, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
                var made = (await Send(
                    HttpMethod.Post, $"/v1/integrations/{account}", headers,
                    new { provider_config = new { type = "siem_mock_siem" } }))
                    .Is(HttpStatusCode.Created).Result["integration"]!;
                (await Send(HttpMethod.Patch, $"/v1/integrations/{account}/{(string)made["id"]!}", headers, """[{"op":"replace","path":"/fullname","value":"Other"}]""")).Is(HttpStatusCode.OK);
                (await Send(HttpMethod.Delete, $"/lifecycle/v1/tokens/{DefaultTokenId}", headers)).Is(HttpStatusCode.Forbidden);
            }

            var limited = await this.Limited("roles:list");
            (await Post("/lifecycle/v1/tokens", limited.Access, new { permission_set = "viewer" })).Is(HttpStatusCode.Forbidden);
        }
    }

    public static TheoryData<string> Fields() => [.. LifecycleAuditList.Schema.Fields.Select(field => field.Name)];

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task A_filter_finds_what_it_names_and_not_the_rest(string field)
    {
        var rows = await List("");
        var values = rows.Select(row => row[field]?.ToString()).OfType<string>().Distinct().ToList();
        Assert.InRange(values.Count, 2, rows.Count);
        foreach (var value in values)
        {
            Assert.Equal(
                Numbers(rows.Where(row => row[field]?.ToString() == value)),
                Numbers(await List($"&filter={field}[eq]{Uri.EscapeDataString(value)}")));
        }

        var (first, second) = (values[0], values[1]);
        var both = Uri.EscapeDataString($"{first},{second}");
        Assert.Equal(
            Numbers(rows.Where(row => row[field]?.ToString() is { } value
                && (value == first || value == second))), Numbers(await List($"&filter={field}[in]{both}")));
        Assert.Equal(
            Numbers(rows.Where(
                row => row[field]?.ToString() == first && row["event"]!.ToString() == rows[0]["event"]!.ToString())),
            Numbers(
                await List($"&filter={field}[eq]{Uri.EscapeDataString(first)}&filter=event[eq]{rows[0]["event"]}")));
    }

    [Fact]
    public async Task Times_bound_a_part_of_the_trail()
    {
        var rows = await List("");
        var middle = rows[rows.Count / 2]["at"]!.GetValue<DateTimeOffset>();
        var at = Uri.EscapeDataString(rows[rows.Count / 2]["at"]!.ToString());
        Assert.Equal(
            Numbers(rows.Where(row => row["at"]!.GetValue<DateTimeOffset>() > middle)),
            Numbers(await List($"&filter=at[gt]{at}")));
        Assert.Equal(
            Numbers(rows.Where(row => row["at"]!.GetValue<DateTimeOffset>() <= middle)),
            Numbers(await List($"&filter=at[lte]{at}")));
        Assert.Equal(
            Numbers(rows.Where(row => row["at"]!.GetValue<DateTimeOffset>() == middle)), Numbers(
                await List($"&filter=at[gte]{at}&filter=at[lte]{at}")));
    }

    private async Task<List<JsonNode>> List(string query) =>
        [.. (await service.Get($"{Path}?limit=1000{query}", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray().OfType<JsonNode>()];

    private static long[] Numbers(IEnumerable<JsonNode> rows) => [.. rows.Select(row => (long)row["number"]!).Order()];
}
