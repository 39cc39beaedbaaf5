using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Tests.Management;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary><c>GET /lifecycle/v1/overview</c>: each number is that of the list that it leads to.</summary>
public sealed class OverviewTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Tokens = "/lifecycle/v1/tokens";

    /// <summary>What was told is told for half a minute.</summary>
    private async Task<JsonNode> Overview()
    {
        service.Clock.Advance(TimeSpan.FromSeconds(31));
        return (await service.Get("/lifecycle/v1/overview", service.Admin)).Is(HttpStatusCode.OK).Json;
    }

    private async Task<int> Listed(params string[] filters)
    {
        var query = string.Concat(filters.Select(filter => "&filter=" + Uri.EscapeDataString(filter)));
        return (await service.Get($"{Tokens}?limit=1000{query}", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray().Count;
    }

    private string In(double days) => service.Clock.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    [Fact]
    public async Task Each_number_is_that_of_the_list_that_it_leads_to()
    {
        foreach (var (kind, life) in new[] { ("mcp", "2h"), ("adhoc", "24h"), ("adhoc", "480h") })
        {
            (await service.Post(Tokens, service.Admin, new { kind, permission_set = "viewer", life })).Is(HttpStatusCode.Created);
        }

        var rotated = await service.Create("viewer");
        (await service.Post($"{Tokens}/{rotated.Id}/rotate", service.Admin, new { })).Is(HttpStatusCode.OK);
        (await service.Post($"{Tokens}/{(await service.Create("viewer")).Id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        var overview = await Overview();
        Assert.True((bool)overview["complete"]!);
        Assert.Equal(await Listed(), (int)overview["tokens"]!);
        foreach (var kind in overview["kinds"]!.AsObject())
        {
            Assert.Equal(await Listed($"kind[eq]{kind.Key}"), (int)kind.Value!);
        }

        foreach (var state in overview["states"]!.AsObject())
        {
            Assert.Equal(await Listed($"state[eq]{state.Key}"), (int)state.Value!);
        }

        foreach (var (name, days) in new[] { ("ends_within_24h", 1), ("ends_within_7d", 7), ("ends_within_30d", 30) })
        {
            Assert.Equal(await Listed($"expires_at[gt]{In(0)}", $"expires_at[lte]{In(days)}"), (int)overview[name]!);
        }

        Assert.True((int)overview["ends_within_24h"]! < (int)overview["ends_within_7d"]!);
        Assert.Equal(
            await Listed("secondary_access_expires_at[gt]2000-01-01T00:00:00Z"), (int)overview["with_secondary"]!);
        Assert.Equal(0, (int)overview["unused_90d"]!);
    }

    [Fact]
    public async Task A_count_is_told_for_half_a_minute()
    {
        var before = await Overview();
        await service.Create("viewer");
        var same = (await service.Get("/lifecycle/v1/overview", service.Admin)).Json;
        Assert.Equal((string)before["at"]!, (string)same["at"]!);
        Assert.Equal((int)before["tokens"]! + 1, (int)(await Overview())["tokens"]!);
    }
}
