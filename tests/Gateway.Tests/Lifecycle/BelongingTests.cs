using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Tests.Management;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary><c>belongs_to</c> of tokens: what is shown, who may, and what a deletion and a log-off take
/// along.</summary>
public sealed class BelongingTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Root = "/lifecycle/v1/tokens";

    private async Task<(string Id, string Access)> Make(string bearer, string? belongsTo, string set = "administrator")
    {
        var made = (await service.Post(Root, bearer, new { permission_set = set, belongs_to = belongsTo })).Is(HttpStatusCode.Created).Json;
        Assert.Equal(belongsTo ?? "parent", (string?)made["belongs_to"]);
        return ((string)made["id"]!, (string)made["secrets"]!["access"]!);
    }

    private async Task<IEnumerable<string>> Ids(string query) =>
        (await service.Get($"{Root}?{query}&limit=1000", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray()
            .Select(item => (string)item!["id"]!);

    private async Task<JsonArray> Events(string id) =>
        (await service.Get($"/lifecycle/v1/audit?filter=subject_id[eq]{id}", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();

    [Fact]
    public async Task A_deleted_token_takes_along_what_belongs_to_it_and_leaves_the_rest_found_by_its_id()
    {
        var maker = await service.Create("administrator");
        var child = await Make(maker.Access, null);
        var members = await Make(maker.Access, "member");
        var kept = await Make(maker.Access, "organization");
        var below = await Make(members.Access, "parent", "viewer");

        var items = (await service.Get($"{Root}/{maker.Id}/descendants", service.Admin)).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(
            new[] { (child.Id, true), (members.Id, false), (kept.Id, false), (below.Id, false) }.ToHashSet(),
            items.Select(item => ((string)item!["id"]!, (bool)item["ends_with_it"]!)).ToHashSet());
        var preview = (await service.Send(
            HttpMethod.Delete, $"{Root}/{maker.Id}?dry_run=true", [("Authorization", "Bearer " + service.Admin)], null)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((2, 3), ((int)preview["affected"]!["tokens"]!, (int)preview["affected"]!["staying"]!));

        (await service.Send(
            HttpMethod.Delete, $"{Root}/{maker.Id}", [("Authorization", "Bearer " + service.Admin)], null))
            .Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(child.Access));
        foreach (var stays in new[] { members, kept, below })
        {
            Assert.True(await service.IsActive(stays.Access));
        }

        // A leaked token's children are found by its id whether they died or not.
        Assert.Equal(
            new[] { members.Id, kept.Id }.ToHashSet(), (await Ids($"filter=parent_id[eq]{maker.Id}")).ToHashSet());
        Assert.Equal([members.Id], await Ids($"filter=parent_id[eq]{maker.Id}&filter=belongs_to[eq]member"));
        Assert.Contains(below.Id, await Ids("filter=belongs_to[eq]parent"));
        Assert.DoesNotContain(kept.Id, await Ids("filter=belongs_to[in]parent,member"));
    }

    [Fact]
    public async Task A_log_off_ends_what_belongs_to_the_session_and_its_preview_says_what_stays()
    {
        var logon = (await service.Post(
            $"/v1/auth/logon/{service.OrganizationId}", null,
            new { name = (string)service.Bootstrap["member_name"]!, secret = (string)service.Bootstrap["member_secret"]! })).Is(HttpStatusCode.OK).Result;
        var session = (string)logon["token"]!["access"]!["secret"]!;
        var id = (string)logon["refresh_token_id"]!;
        var ends = await Make(session, "parent");
        var stays = await Make(session, "member");
        var preview = (await service.Send(
            HttpMethod.Delete, $"{Root}/{id}?dry_run=true", [("Authorization", "Bearer " + session)], null)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((2, 1), ((int)preview["affected"]!["tokens"]!, (int)preview["affected"]!["staying"]!));
        (await service.Post("/v1/auth/logoff", session, null)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(ends.Access));
        Assert.True(await service.IsActive(stays.Access));
    }

    [Fact]
    public async Task What_belongs_to_the_organization_is_an_event_of_its_own()
    {
        var kept = await Make(service.Admin, "organization", "viewer");
        var shown = (await service.Get($"{Root}/{kept.Id}", service.Admin)).Json;
        Assert.Equal(("organization", true), ((string)shown["belongs_to"]!, (bool)shown["independent"]!));
        Assert.Contains(await Events(kept.Id), row => (string?)row!["event"] == "token.issued_to_organization");
        var members = await Make(service.Admin, "member", "viewer");
        Assert.Contains(await Events(members.Id), row => (string?)row!["event"] == "token.issued");
    }

    [Theory]
    [InlineData("\"account\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    public async Task Another_word_is_400(string word) => Problem(
        await service.Post(Root, service.Admin, $$"""{"permission_set":"viewer","belongs_to":{{word}}}"""),
        400, "invalid-request", "/belongs_to");

    [Fact]
    public async Task A_narrowed_bearer_makes_nothing_that_belongs_to_the_organization()
    {
        var world = await service.Fresh();
        var narrow = (await service.Post(Root, service.Admin, new
        {
            permission_set = "administrator", resources = new { accounts = new { ids = new[] { world["A"] } } },
        })).Is(HttpStatusCode.Created).Json;
        var bearer = (string)narrow["secrets"]!["access"]!;
        await Make(bearer, "member", "viewer");
        Problem(
            await service.Post(Root, bearer, new { permission_set = "viewer", belongs_to = "organization" }), 403,
            "permission-missing");
    }
}
