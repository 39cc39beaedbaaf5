using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Members;
using TokenActors.Gateway.Tests.Management;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>What the Lifecycle API tells of tokens of every kind.</summary>
public sealed class TokenReadTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Root = "/lifecycle/v1/tokens";

    private async Task<List<JsonNode>> All(
        string query = "", string? bearer = null, string path = Root, int limit = 1000)
    {
        List<JsonNode> items = [];
        for (var cursor = ""; ;)
        {
            var page = (await service.Get($"{path}?limit={limit}{query}{cursor}", bearer ?? service.Admin)).Is(HttpStatusCode.OK).Json;
            items.AddRange(page["items"]!.AsArray().OfType<JsonNode>());
            if ((string?)page["next_cursor"] is not { } next)
            {
                return items;
            }

            cursor = $"&cursor={next}";
        }
    }

    private static string[] Ids(IEnumerable<JsonNode> items) => [.. items.Select(item => (string)item["id"]!)];

    [Fact]
    public async Task Every_kind_is_in_one_list_with_its_pairs_and_without_a_secret()
    {
        var world = await service.Fresh();
        (await service.Post("/v1/tokens/mcp", service.Admin, new { scope = new { type = "management" } })).Is(HttpStatusCode.Created);
        (await service.Post($"/v1/tokens/{world["A"]}/{world["siemA"]}", service.Admin, new { })).Is(HttpStatusCode.Created);
        var items = await All();
        Assert.Superset(
            new HashSet<string> { "default", "adhoc", "integration", "mcp", "bridge", "cloudflare", "launchdarkly", "boomerang" },
            items.Select(item => (string)item["kind"]!).ToHashSet());
        var within = items.Single(item => (string?)item["id"] == world["within"]);
        Assert.Equal("active", (string?)within["state"]);
        Assert.Equal(service.DefaultTokenId, (string?)within["parent_id"]);
        Assert.Equal("viewer", (string?)within["grant"]!["permission_set"]);
        Assert.Equal(world["A"], (string?)within["grant"]!["resources"]!["accounts"]!["ids"]![0]);
        Assert.NotNull(within["primary"]!["refresh"]!["expires_at"]);
        var single = items.Single(item => (string?)item["id"] == world["siemTokenA"]);
        Assert.Equal(
            ("integration", world["siemA"], world["A"]),
            ((string?)single["owner_type"], (string?)single["owner_id"], (string?)single["account_id"]));
        var root = items.Single(item => (string?)item["id"] == service.DefaultTokenId);
        Assert.Null(root["parent_id"]);
        Assert.All(items, item =>
        {
            Assert.Null(item["secrets"]);
            Assert.DoesNotContain("digest", item.ToJsonString());
            Assert.Equal(4, ((string)item["primary"]!["access"]!["last_four"]!).Length);
        });
    }

    [Fact]
    public async Task A_session_is_in_the_list_of_every_kind_while_it_lasts()
    {
        var (member, session) = await Member("viewer");
        var found = Assert.Single(await All($"&filter=member_id[eq]{member}"))!;
        Assert.Equal(
            ("session", "active", member),
            ((string)found["kind"]!, (string)found["state"]!, (string)found["member_id"]!));
        Assert.Equal(Ids([found]), Ids(await All($"&filter=kind[eq]session&filter=member_id[eq]{member}")));
        Assert.Empty(await All($"&filter=kind[neq]session&filter=member_id[eq]{member}"));
        Assert.Equal(session[^4..], (string)found["primary"]!["access"]!["last_four"]!);
        (await service.Post("/v1/auth/logoff", session, null)).Is(HttpStatusCode.NoContent);
        Assert.Empty(await All($"&filter=member_id[eq]{member}"));
    }

    /// <summary>A member and a session of it.</summary>
    private async Task<(string Id, string Session)> Member(params string[] roles)
    {
        const string Password = "correct horse battery";
        var name = $"m{Guid.NewGuid():N}@example.com";
        var id = (string)(await service.Post(
            "/v1/members", service.Admin, new { name, secret = Password, role_binding = roles }))
            .Is(HttpStatusCode.Created).Result["member"]!["id"]!;
        var session = (await service.Post($"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = Password })).Is(HttpStatusCode.OK).Result;
        return (id, (string)session["token"]!["access"]!["secret"]!);
    }

    [Theory]
    [InlineData("filter=kind[eq]cloudflare", "service")]
    [InlineData("filter=kind[in]boomerang,mcp&filter=profile[eq]boomerang-global", "flow")]
    [InlineData("filter=id[eq]{within}&filter=state[eq]active", "within")]
    [InlineData("filter=id[eq]{within}&filter=state[neq]active", "")]
    [InlineData("filter=permission_set[eq]viewer&filter=id[eq]{within}", "within")]
    [InlineData("filter=account_id[eq]{A}&filter=owner_type[eq]integration&filter=owner_id[eq]{siemA}", "siemTokenA")]
    [InlineData("filter=parent_id[eq]&filter=kind[eq]default&filter=id[eq]{default}", "default")]
    [InlineData("filter=id[eq]{within}&filter=primary_refresh_expires_at[gt]2020-01-01T00:00:00Z", "within")]
    [InlineData("filter=id[eq]{within}&filter=secondary_deadline[gt]2020-01-01T00:00:00Z", "")]
    [InlineData("filter=id[in]{within},{default}&filter=created_at[gt]2020-01-01T00:00:00Z&order=kind[desc]", "default within")]
    public async Task Fields_of_all_sorts_are_filtered_by_the_grammar_of_lists(string query, string expected)
    {
        var world = await service.Fresh();
        var items = await All("&" + Fill(query, world));
        Assert.Equal(
            expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => world[name]), Ids(items));
    }

    [Fact]
    public async Task A_cursor_survives_that_the_token_at_its_place_is_deleted()
    {
        var made = new List<string>();
        var name = $"c{Guid.NewGuid():N}"[..12];
        for (var i = 0; i < 5; i++)
        {
            made.Add((await service.Create("viewer", name: $"{name}-{i}")).Id);
        }

        foreach (var order in new[] { "order=name", "order=created_at", "order=last_used_at&order=name[asc]" })
        {
            var left = await All($"&filter=name[like]{name}-*&{order}");
            var first = (await service.Get($"{Root}?limit=2&filter=name[like]{name}-*&{order}", service.Admin)).Is(HttpStatusCode.OK).Json;
            var last = (string)first["items"]![1]!["id"]!;
            (await service.Delete($"/v1/tokens/{last}", service.Admin)).Is(HttpStatusCode.NoContent);
            var rest = await All($"&filter=name[like]{name}-*&{order}&cursor={first["next_cursor"]}");
            Assert.Equal(Ids(left)[2..], Ids(rest));
            made.Remove(last);
        }
    }

    [Fact]
    public async Task The_last_page_has_no_cursor_and_one_of_another_order_is_refused()
    {
        var page = (await service.Get($"{Root}?limit=1", service.Admin)).Is(HttpStatusCode.OK).Json;
        var cursor = (string)page["next_cursor"]!;
        Problem(
            await service.Get($"{Root}?limit=1&order=name&cursor={cursor}", service.Admin), 400, "invalid-request",
            "cursor");
        Problem(await service.Get($"{Root}?cursor=nonsense", service.Admin), 400, "invalid-request", "cursor");
        Problem(
            await service.Get($"{Root}?limit=0&order=x&filter=y[eq]z&filter=state[gt]active", service.Admin), 400,
            "invalid-request", "limit");
        Assert.Null((await service.Get($"{Root}?filter=id[eq]{service.DefaultTokenId}&limit=1", service.Admin)).Json["next_cursor"]);
    }

    [Fact]
    public async Task Descendants_are_the_whole_tree_below_a_token()
    {
        var root = await service.Create();
        var child = await service.Create(bearer: root.Access);
        var grandchild = await service.Create("viewer", bearer: child.Access);
        var other = await service.Create("viewer", bearer: root.Access);
        var items = await All(path: $"{Root}/{root.Id}/descendants", query: "&order=created_at", limit: 2);
        Assert.Equal([child.Id, grandchild.Id, other.Id], Ids(items));
        Assert.Equal([root.Id, child.Id, root.Id], items.Select(item => (string)item["parent_id"]!));
        Assert.Empty(await All(path: $"{Root}/{other.Id}/descendants"));
        Problem(await service.Get($"{Root}/{Guid.NewGuid()}/descendants", service.Admin), 404, "not-found");
    }

    [Fact]
    public async Task A_tag_covers_what_a_patch_can_change_and_not_the_version()
    {
        var made = await service.Create("viewer");
        var before = (await service.Get($"{Root}/{made.Id}", service.Admin)).Is(HttpStatusCode.OK);
        Assert.Matches("^\"[0-9a-f]{24}\"$", before.Headers["ETag"]);
        (await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        var after = (await service.Get($"{Root}/{made.Id}", service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal(before.Headers["ETag"], after.Headers["ETag"]);
        Assert.NotNull(after.Json["secondary"]!["refresh"]!["expires_at"]);
        Assert.Null(before.Json["secondary"]);
    }

    [Theory]
    [InlineData("organization", "tokens:list", "viewer", true, "clause")]
    [InlineData("organization", "tokens:delete", "viewer", false, "action_missing")]
    [InlineData("account/{A}", "accounts:get", "within", true, "clause")]
    [InlineData("account/{B}", "accounts:get", "within", false, "resource_not_covered")]
    [InlineData("integration/{siemA}", "integrations:get", "within", true, "clause")]
    [InlineData("integration/{siemB}", "integrations:get", "within", false, "resource_not_covered")]
    [InlineData("organization", "members:create", "default", true, "clause")]
    public async Task It_is_told_what_a_token_may_and_which_clause_says_so(
        string resource, string action, string token, bool allowed, string because)
    {
        var world = await service.Fresh();
        world["viewer"] = (await service.Create("viewer")).Id;
        var answer = (await service.Get(
            $"{Root}/{world[token]}/can?action={action}&resource={Fill(resource, world)}", service.Admin))
            .Is(HttpStatusCode.OK).Json;
        Assert.Equal((allowed, because), ((bool)answer["allowed"]!, (string?)answer["because"]));
        Assert.Equal(
            allowed, answer["clause"] is { } clause && clause["actions"]!.AsArray().Any(one => (string?)one == action));
    }

    [Fact]
    public async Task What_keeps_a_token_from_everything_is_told_before_any_clause()
    {
        var expired = (string)(await service.Post(Root, service.Admin, new { kind = "mcp", permission_set = "viewer", life = "1m" })).Is(HttpStatusCode.Created).Json["id"]!;
        var (member, session) = await Member("administrator");
        var orphan = await service.Create("administrator", bearer: session);
        var (disabled, stands) = ((await service.Create()).Id, (await service.Create()).Id);
        foreach (var id in new[] { expired, orphan.Id, disabled, stands })
        {
            Assert.Equal((true, "clause"), await Can(id));
        }

        service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((false, "expired"), await Can(expired));
        (await service.Post($"{Root}/{disabled}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        Assert.Equal((false, "disabled"), await Can(disabled));
        await service.Grains.GetGrain<IMemberGrain>(member).SetStatus(
            new CallContext { CommandId = Guid.NewGuid() }, MemberStatus.Disabled);
        Assert.Equal((false, "owner_gone"), await Can(orphan.Id));
        Assert.Equal((true, "clause"), await Can(stands));

        async Task<(bool, string?)> Can(string id)
        {
            var answer = (await service.Get($"{Root}/{id}/can?action=accounts:get", service.Admin)).Is(HttpStatusCode.OK).Json;
            return ((bool)answer["allowed"]!, (string?)answer["because"]);
        }
    }

    [Fact]
    public async Task A_disabled_token_may_nothing_and_a_question_of_nothing_is_refused()
    {
        var member = await service.Create();
        (await service.Revoke(service.Admin, (await service.Create("viewer", bearer: member.Access)).Access)).Is(HttpStatusCode.OK);
        Problem(
            await service.Get($"{Root}/{member.Id}/can?action=nonsense", service.Admin), 400, "invalid-request",
            "action");
        Problem(await service.Get($"{Root}/{member.Id}/can", service.Admin), 400, "invalid-request", "action");
        foreach (var resource in new[] { "x", "account/none", $"integration/{Guid.NewGuid()}", "integration/x" })
        {
            Problem(
                await service.Get($"{Root}/{member.Id}/can?action=accounts:get&resource={resource}", service.Admin),
                400, "invalid-request", "resource");
        }

        Problem(await service.Get($"{Root}/{Guid.NewGuid()}/can?action=accounts:get", service.Admin), 404, "not-found");
    }

    [Fact]
    public async Task Unknown_and_foreign_tokens_are_not_found_alike()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var one = Problem(await service.Get($"{Root}/{foreign.Id}", service.Admin), 404, "not-found");
        var other = Problem(await service.Get($"{Root}/{Guid.NewGuid()}", service.Admin), 404, "not-found");
        Problem(await service.Get($"{Root}/nonsense", service.Admin), 404, "not-found");
        Assert.Equal(Plain(other), Plain(one));
        Assert.DoesNotContain(foreign.Id, Ids(await All()));
        Assert.Equal([foreign.Id], Ids(await All(bearer: foreign.Access)));

        static string Plain(JsonObject problem)
        {
            var copy = problem.DeepClone().AsObject();
            copy.Remove("instance");
            return copy.ToJsonString();
        }
    }

    [Fact]
    public async Task Who_may_not_is_told_so()
    {
        Problem(await service.Get(Root, null), 401, "unauthorized");
        Problem(await service.Get(Root, (await service.Create("connect-ui")).Access), 403, "permission-missing");
    }

    /// <summary>Shape by shape, a list holds exactly what a look at the single token shows.</summary>
    [Theory]
    [InlineData("NA")]
    [InlineData("NC")]
    [InlineData("viewer")]
    public async Task A_list_holds_what_the_bearers_grant_reaches(string kind)
    {
        var world = await service.Fresh();
        var bearer = kind == "viewer"
            ? (await service.Create("viewer")).Access
            : await service.Bearer(kind, world["A"]);
        var listed = Ids(await All(bearer: bearer)).ToHashSet();
        foreach (var name in new[] { "within", "siemTokenA", "siemTokenB", "wide", "default", "service", "launch", "flow" })
        {
            var seen = (await service.Get($"{Root}/{world[name]}", bearer)).Status == HttpStatusCode.OK;
            Assert.True(seen == listed.Contains(world[name]), $"{kind} {name}: shown {seen}");
        }

        if (kind == "NA")
        {
            Assert.Contains(world["siemTokenA"], listed);
            Assert.DoesNotContain(world["siemTokenB"], listed);
            Assert.DoesNotContain(world["flow"], listed);
            Assert.Equal(listed.Count, (await All(bearer: bearer, limit: 3)).Count);
        }
    }

    private static string Fill(string text, Dictionary<string, string> world) =>
        world.Aggregate(
            text, (filled, pair) => filled.Replace($"{{{pair.Key}}}", pair.Value, StringComparison.Ordinal));

    internal static JsonObject Problem(Answer answer, int status, string type, string? parameter = null)
    {
        Assert.True(status == (int)answer.Status, $"expected {status}, was {answer.Status}: {answer.Body}");
        Assert.Equal("application/problem+json", answer.ContentType?.Split(';')[0]);
        Assert.Equal("urn:tokenactors:problem:" + type, (string?)answer.Json["type"]);
        if (parameter is not null)
        {
            Assert.Contains(
                answer.Json["errors"]!.AsArray(),
                error => parameter == ((string?)error!["parameter"] ?? (string?)error["pointer"]));
        }

        return answer.Json;
    }
}
