using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Tests.Management;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What happened to a token.</summary>
public sealed class HistoryTests(Service service) : IClassFixture<Service>
{
    private const string Root = "/lifecycle/v1/tokens";

    [Fact]
    public async Task A_history_has_all_that_happened_to_a_token_the_latest_first_by_pages()
    {
        var made = await service.Create("viewer");
        var other = await service.Create("viewer");
        foreach (var command in new[] { "rotate", "disable", "enable", "reset" })
        {
            (await service.Post($"{Root}/{made.Id}/{command}", service.Admin, null)).Is(HttpStatusCode.OK);
            (await service.Post($"{Root}/{other.Id}/{command}", service.Admin, null)).Is(HttpStatusCode.OK);
        }

        string[] expected = ["token.reset", "token.enabled", "token.disabled", "token.rotated", "token.issued"];
        Assert.Equal(expected, (await Walk(made.Id, service.Admin, 100)).Select(row => (string?)row["event"]));
        var pages = await Walk(made.Id, service.Admin, 2);
        Assert.Equal(expected, pages.Select(row => (string?)row["event"]));
        Assert.All(
            pages, row => Assert.Equal((made.Id, "token"), ((string?)row["subject_id"], (string?)row["subject_kind"])));
        Assert.Equal(5, pages.Select(row => (long)row["number"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_history_needs_both_permissions_and_the_reach_to_the_token()
    {
        var made = await service.Create("viewer");
        var other = (await service.NewOrganization()).Token;
        var path = $"{Root}/{made.Id}/history";
        (await service.Get(path, other.Access)).Is(HttpStatusCode.NotFound);
        (await service.Get($"{Root}/{Guid.NewGuid()}/history", service.Admin)).Is(HttpStatusCode.NotFound);
        (await service.Get(path, null)).Is(HttpStatusCode.Unauthorized);
        (await service.Get(path, (await service.Limited("tokens:get", "audit:list")).Access)).Is(HttpStatusCode.OK);
        foreach (var (has, lacks) in new[] { ("tokens:get", "audit:list"), ("audit:list", "tokens:get") })
        {
            var refused = await service.Get(path, (await service.Limited(has)).Access);
            Assert.Contains(lacks, (string)TokenReadTests.Problem(refused, 403, "permission-missing")["detail"]!);
        }
    }

    [Theory]
    [InlineData("cursor=")]
    [InlineData("cursor=!")]
    [InlineData("cursor=LTE")]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    public async Task A_page_that_is_none_is_refused(string query) =>
        (await service.Get($"{Root}/{service.DefaultTokenId}/history?{query}", service.Admin)).Is(HttpStatusCode.BadRequest);

    private async Task<List<JsonNode>> Walk(string id, string bearer, int limit)
    {
        List<JsonNode> rows = [];
        for (var cursor = ""; ;)
        {
            var page = (await service.Get($"{Root}/{id}/history?limit={limit}{cursor}", bearer)).Is(HttpStatusCode.OK).Json;
            rows.AddRange(page["items"]!.AsArray().OfType<JsonNode>());
            if ((string?)page["next_cursor"] is not { } next)
            {
                return rows;
            }

            cursor = $"&cursor={next}";
        }
    }
}
