using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Tests.Management;
using static TokenActors.Gateway.Tests.Lifecycle.TokenReadTests;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>The machine's commands over the Lifecycle API, and what it makes.</summary>
public sealed class TokenCommandTests(NarrowedWorld service) : IClassFixture<NarrowedWorld>
{
    private const string Root = "/lifecycle/v1/tokens";

    private static string NewKey() => Guid.NewGuid().ToString();

    private async Task<JsonObject> Do(string id, string command, object? body = null, string? bearer = null, string? key = null) =>
        (await service.Post($"{Root}/{id}/{command}", bearer ?? service.Admin, body, key)).Is(HttpStatusCode.OK).Json;

    private static string Access(JsonNode token) => (string)token["secrets"]!["access"]!;

    [Fact]
    public async Task A_rotated_token_has_a_new_pair_and_its_former_one_until_the_deadline()
    {
        var made = await service.Create("viewer");
        var deadline = service.Clock.GetUtcNow().AddMinutes(10);
        var rotated = await Do(made.Id, "rotate", new { deadline });
        Assert.True(await service.IsActive(Access(rotated)));
        Assert.True(await service.IsActive((string)rotated["secrets"]!["refresh"]!));
        Assert.True(await service.IsActive(made.Access));
        Assert.Equal(
            deadline, rotated["secondary"]!["deadline"]!.GetValue<DateTimeOffset>(), TimeSpan.FromMilliseconds(1));
        Assert.Null((await service.Get($"{Root}/{made.Id}", service.Admin)).Json["secrets"]);
        var moved = await Do(made.Id, "move-deadline", new { deadline = service.Clock.GetUtcNow().AddMinutes(-1) });
        Assert.Null(moved["secondary"]);
        Assert.Null(moved["secrets"]);
        Assert.False(await service.IsActive(made.Access));
        Assert.True(await service.IsActive(Access(rotated)));
    }

    [Fact]
    public async Task Refresh_reset_and_remove_secondary_do_what_the_machine_does()
    {
        var made = await service.Create("viewer");
        var refreshed = await Do(made.Id, "refresh");
        Assert.True(await service.IsActive(made.Access));
        Assert.Null((await Do(made.Id, "remove-secondary"))["secondary"]);
        Assert.False(await service.IsActive(made.Access));
        var reset = await Do(made.Id, "reset");
        Assert.False(await service.IsActive(Access(refreshed)));
        Assert.True(await service.IsActive(Access(reset)));
        Assert.Null(reset["secondary"]);
    }

    [Fact]
    public async Task A_disabled_token_opens_nothing_until_it_is_enabled()
    {
        var made = await service.Create("viewer");
        Assert.Equal("disabled", (string?)(await Do(made.Id, "disable"))["state"]);
        Assert.False(await service.IsActive(made.Access));
        Problem(await service.Post($"{Root}/{made.Id}/rotate", service.Admin, null), 409, "conflict");
        Assert.False(
            (bool)(await service.Get($"{Root}/{made.Id}/can?action=tokens:list", service.Admin)).Json["allowed"]!);
        Assert.Contains(
            (await service.Get($"{Root}?filter=state[eq]disabled&limit=1000", service.Admin)).Json["items"]!.AsArray(),
            item => (string?)item!["id"] == made.Id);
        Assert.Equal("disabled", (string?)(await Do(made.Id, "disable"))["state"]);
        Assert.Equal("active", (string?)(await Do(made.Id, "enable"))["state"]);
        Assert.True(await service.IsActive(made.Access));
    }

    [Fact]
    public async Task Every_kind_takes_the_commands()
    {
        var world = await service.Fresh();
        foreach (var name in new[] { "siemTokenA", "service", "flow", "wide" })
        {
            Assert.Equal("disabled", (string?)(await Do(world[name], "disable"))["state"]);
            Assert.Equal("active", (string?)(await Do(world[name], "enable"))["state"]);
            var rotated = await Do(world[name], "rotate");
            Assert.Equal(name is "wide" or "siemTokenA", rotated["secrets"]!["refresh"] is not null);
        }
    }

    [Fact]
    public async Task A_deleted_token_is_gone_with_what_was_made_with_it_and_a_default_one_stays()
    {
        var made = await service.Create();
        var child = await service.Create("viewer", bearer: made.Access);
        (await service.Delete($"{Root}/{made.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        Assert.False(await service.IsActive(child.Access));
        Problem(await service.Get($"{Root}/{made.Id}", service.Admin), 404, "not-found");
        Problem(await service.Delete($"{Root}/{made.Id}", service.Admin), 404, "not-found");
        Problem(await service.Delete($"{Root}/{service.DefaultTokenId}", service.Admin), 409, "conflict");
    }

    [Theory]
    [InlineData("rotate")]
    [InlineData("refresh")]
    [InlineData("reset")]
    [InlineData("disable")]
    [InlineData("remove-secondary")]
    public async Task A_repeated_call_is_done_once_and_answered_alike(string command)
    {
        var made = await service.Create("viewer");
        await Do(made.Id, "rotate");
        var key = NewKey();
        var first = await Do(made.Id, command, key: key);
        await Do(made.Id, "enable");
        Assert.Equal(first.ToJsonString(), (await Do(made.Id, command, key: key)).ToJsonString());
        var other = command == "disable" ? "enable" : "disable";
        Problem(
            await service.Post($"{Root}/{made.Id}/{other}", service.Admin, null, key), 409, "idempotency-key-reused");
        if (first["secrets"] is { } secrets)
        {
            var stranger = await service.Post(
                $"{Root}/{made.Id}/{command}", (await service.Create()).Access, null, key);
            Assert.DoesNotContain((string)secrets["access"]!, stranger.Body);
        }
    }

    [Fact]
    public async Task A_token_that_ended_its_own_bearer_is_still_answered_under_its_key()
    {
        var key = NewKey();
        var made = await service.Create();
        var first = await Do(made.Id, "reset", bearer: made.Access, key: key);
        Assert.Equal(Access(first), Access(await Do(made.Id, "reset", bearer: made.Access, key: key)));
        Problem(await service.Post($"{Root}/{made.Id}/reset", made.Access, null, NewKey()), 401, "unauthorized");
        var gone = Access(first);
        var headers = new[] { ("Authorization", "Bearer " + gone), ("Idempotency-Key", key) };
        (await service.Send(HttpMethod.Delete, $"{Root}/{made.Id}", headers)).Is(HttpStatusCode.NoContent);
        (await service.Send(HttpMethod.Delete, $"{Root}/{made.Id}", headers)).Is(HttpStatusCode.NoContent);
        Problem(await service.Delete($"{Root}/{made.Id}", gone), 401, "unauthorized");
    }

    [Fact]
    public async Task A_condition_is_asked_where_it_is_given_and_after_what_was_answered_before()
    {
        var made = await service.Create("viewer");
        var tag = (await service.Get($"{Root}/{made.Id}", service.Admin)).Headers["ETag"];
        Task<Answer> Rotate(string match, string? key = null) => service.Send(
            HttpMethod.Post, $"{Root}/{made.Id}/rotate",
            [("Authorization", "Bearer " + service.Admin), ("If-Match", match), .. key is null ? Array.Empty<(string, string)>() : [("Idempotency-Key", key)]]);
        Problem(await Rotate("\"other\""), 412, "changed-meanwhile");
        foreach (var changed in new[] { "W/" + tag, tag[..^1] + "-gzip\"" })
        {
            var answer = await Rotate(changed);
            Problem(answer, 412, "changed-meanwhile");
            Assert.Contains("compresses", answer.Body, StringComparison.Ordinal);
        }

        var key = NewKey();
        var first = (await Rotate(tag, key)).Is(HttpStatusCode.OK);
        Assert.Equal(tag, first.Headers["ETag"]);
        (await Rotate("*")).Is(HttpStatusCode.OK);
        Assert.Equal(first.Body, (await Rotate(tag, key)).Is(HttpStatusCode.OK).Body);
    }

    /// <summary>A second rotation would end the pair before, which the tag does not tell.</summary>
    [Fact]
    public async Task A_rotation_of_one_pair_is_refused_once_it_is_the_former_and_answered_again_under_its_key()
    {
        var made = await service.Create("viewer");
        var read = (await service.Get($"{Root}/{made.Id}", service.Admin)).Json;
        var minted = (string?)read["primary"]!["minted_at"];
        var key = NewKey();
        Task<Answer> Rotate(string? of, string? under = null) => service.Post(
            $"{Root}/{made.Id}/rotate", service.Admin, new { minted_at = of }, under);
        var first = (await Rotate(minted, key)).Is(HttpStatusCode.OK);
        Problem(await Rotate(minted, NewKey()), 412, "changed-meanwhile");
        Problem(await Rotate(minted), 412, "changed-meanwhile");
        Assert.Equal(first.Body, (await Rotate(minted, key)).Is(HttpStatusCode.OK).Body);
        Assert.True(await service.IsActive(made.Access));
        (await Rotate((string?)first.Json["primary"]!["minted_at"])).Is(HttpStatusCode.OK);
        Assert.False(await service.IsActive(made.Access));
        Problem(await Rotate("yesterday"), 400, "invalid-request", "/minted_at");
    }

    [Fact]
    public async Task A_condition_holds_while_refreshes_raise_the_version()
    {
        var made = await service.Create("viewer");
        var tag = (await service.Get($"{Root}/{made.Id}", service.Admin)).Headers["ETag"];
        (string, string)[] headers = [("Authorization", "Bearer " + service.Admin), ("If-Match", tag)];
        var rotations = Enumerable.Range(0, 3).Select(
            _ => service.Send(HttpMethod.Post, $"{Root}/{made.Id}/rotate", headers));
        Assert.All(await Task.WhenAll(rotations), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task Kinds_that_a_person_may_make_are_made_here()
    {
        var world = await service.Fresh();
        var adhoc = (await service.Post(Root, service.Admin, new { name = $"n{Guid.NewGuid():N}", full_name = "Ünï", permission_set = "viewer", life = "2h", resources = new { accounts = new { ids = new[] { world["A"] } } } }))
            .Is(HttpStatusCode.Created);
        Assert.Equal("no-store", adhoc.Headers["Cache-Control"]);
        Assert.Equal(
            ("adhoc", "Ünï", "2h"),
            ((string?)adhoc.Json["kind"], (string?)adhoc.Json["full_name"], (string?)adhoc.Json["life"]));
        Assert.True(await service.IsActive(Access(adhoc.Json)));
        var mcp = (await service.Post(Root, service.Admin, new { kind = "mcp", permission_set = "viewer", resource = "https://mcp.example.com/", tools = new[] { "search" }, read_only = true }))
            .Is(HttpStatusCode.Created).Json;
        Assert.Equal("""{"resource":"https://mcp.example.com/","tools":["search"],"read_only":true}""", mcp["claims"]!.ToJsonString());
        Assert.StartsWith("ta_mcp_", Access(mcp));
        Assert.Null(mcp["secrets"]!["refresh"]);
        var single = (await service.Post(Root, service.Admin, new { kind = "integration", integration_id = world["siemA"] })).Is(HttpStatusCode.Created).Json;
        Assert.Equal((world["siemA"], world["A"]), ((string?)single["owner_id"], (string?)single["account_id"]));
        Problem(await service.Get(Root, Access(mcp)), 401, "unauthorized");
    }

    [Fact]
    public async Task A_repeated_create_makes_one_token_and_shows_its_secrets_again()
    {
        var key = NewKey();
        var first = (await service.Post(Root, service.Admin, new { permission_set = "viewer" }, key)).Is(HttpStatusCode.Created).Json;
        var again = (await service.Post(Root, service.Admin, new { permission_set = "viewer" }, key)).Is(HttpStatusCode.Created).Json;
        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Problem(
            await service.Post(Root, service.Admin, new { permission_set = "member" }, key), 409,
            "idempotency-key-reused");
    }

    [Theory]
    [InlineData("""{}""", "/permission_set")]
    [InlineData("""{"permission_set":"none"}""", "/permission_set")]
    [InlineData("""{"kind":"session","permission_set":"viewer"}""", "/kind")]
    [InlineData("""{"permission_set":"viewer","life":"9999999h"}""", "/life")]
    [InlineData("""{"permission_set":"viewer","life":"soon"}""", "/life")]
    [InlineData("""{"permission_set":"viewer","name":"no slug!"}""", "/name")]
    [InlineData("""{"permission_set":"viewer","resources":{"accounts":{"ids":["x"]}}}""", "/resources/accounts/ids")]
    [InlineData("""{"permission_set":"viewer","tools":["x"]}""", "/tools")]
    [InlineData("""{"permission_set":"viewer","unknown":1}""", "/unknown")]
    [InlineData("""{"permission_set":7}""", "/permission_set")]
    [InlineData("""{"kind":"mcp","permission_set":"viewer","resource":"here"}""", "/resource")]
    [InlineData("""{"kind":"integration"}""", "/integration_id")]
    [InlineData("""{"kind":"integration","integration_id":"x"}""", "/integration_id")]
    [InlineData("""{"kind":"integration","integration_id":"01234567-0123-4123-8123-012345678901"}""", "/integration_id")]
    [InlineData("""{"kind":"integration","integration_id":"01234567-0123-4123-8123-012345678901","permission_set":"viewer"}""", "/permission_set")]
    public async Task Wrong_input_is_told_with_a_pointer(string body, string pointer) =>
        Problem(await service.Post(Root, service.Admin, body), 400, "invalid-request", pointer);

    [Theory]
    [InlineData("rotate", """{"deadline":"soon"}""", "/deadline")]
    [InlineData("rotate", """{"until":"2030-01-01T00:00:00Z"}""", "/until")]
    [InlineData("move-deadline", """{}""", "/deadline")]
    public async Task Wrong_deadlines_are_told_with_a_pointer(string command, string body, string pointer) =>
        Problem(
            await service.Post($"{Root}/{Guid.NewGuid()}/{command}", service.Admin, body), 400, "invalid-request",
            pointer);

    [Theory]
    [InlineData("rotate", "{}")]
    [InlineData("refresh", null)]
    [InlineData("reset", null)]
    [InlineData("enable", null)]
    [InlineData("disable", null)]
    [InlineData("remove-secondary", null)]
    [InlineData("move-deadline", """{"deadline":"2030-01-01T00:00:00Z"}""")]
    public async Task Who_may_not_and_what_is_not_there_are_told_apart(string command, string? body)
    {
        var made = await service.Create("viewer");
        var (_, _, foreign) = await service.NewOrganization();
        Problem(await service.Post($"{Root}/{made.Id}/{command}", null, body), 401, "unauthorized");
        Problem(await service.Post($"{Root}/{made.Id}/{command}", made.Access, body), 403, "permission-missing");
        Problem(await service.Post($"{Root}/{foreign.Id}/{command}", service.Admin, body), 404, "not-found");
        Problem(await service.Post($"{Root}/{Guid.NewGuid()}/{command}", service.Admin, body), 404, "not-found");
        Problem(await service.Post($"{Root}/x/{command}", service.Admin, body), 404, "not-found");
        Problem(
            await service.Post($"{Root}/{made.Id}/{command}", service.Admin, body, new string('x', 300)), 400,
            "invalid-request", "Idempotency-Key");
    }

    public static TheoryData<string, string, string?> Commands => new()
    {
        { "POST", "/rotate", "{}" }, { "POST", "/refresh", null }, { "POST", "/reset", null }, { "POST", "/enable", null },
        { "POST", "/disable", null }, { "POST", "/remove-secondary", null },
        { "POST", "/move-deadline", """{"deadline":"2030-01-01T00:00:00Z"}""" }, { "DELETE", "", null },
        { "PATCH", "", """{"description":"x"}""" }, { "PATCH", "", """{"life":"999999h"}""" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task What_is_not_seen_is_not_there_for_any_command(string method, string command, string? body)
    {
        var world = await service.Fresh();
        var narrowed = await service.Bearer("NA", world["A"]);
        Problem(await service.Get($"{Root}/{world["wide"]}", narrowed), 404, "not-found");
        foreach (var tag in new[] { null, "\"stale\"" })
        {
            var unseen = await Send($"{Root}/{world["wide"]}{command}", tag);
            var absent = await Send($"{Root}/{Guid.NewGuid()}{command}", tag);
            Problem(unseen, 404, "not-found");
            Assert.Equal(Detail(absent), Detail(unseen));
        }

        Task<Answer> Send(string path, string? tag) => service.Send(
            new HttpMethod(method), path,
            [("Authorization", "Bearer " + narrowed), .. tag is null ? (ReadOnlySpan<(string, string)>)[] : [("If-Match", tag)]], body);

        static string? Detail(Answer answer) => (string?)answer.Json["detail"];
    }

    [Fact]
    public async Task Who_may_do_something_to_a_token_and_not_read_it_may_do_it()
    {
        var small = await Rotator();
        Problem(await service.Get($"{Root}/{small.Id}", small.Access), 403, "permission-missing");
        await Do(small.Id, "rotate", bearer: small.Access);
        await Do((await Rotator()).Id, "rotate", bearer: small.Access);
        var viewer = await service.Create("viewer");
        Problem(await service.Post($"{Root}/{viewer.Id}/rotate", small.Access, null), 404, "not-found");
    }

    /// <summary>A bearer is told what it lacks of a token that it sees.</summary>
    [Theory]
    [InlineData("tokens:rotate tokens:get", "rotate", "The bearer's grant does not hold what this needs: accounts:list, accounts:create, accounts:get, accounts:update, accounts:patch.")]
    [InlineData("tokens:rotate tokens:get", "enable", "accounts:list, accounts:create")]
    [InlineData("tokens:delete tokens:get", "disable", "accounts:list, accounts:create")]
    [InlineData("tokens:reset tokens:get", "reset", "accounts:list, accounts:create")]
    [InlineData("tokens:delete tokens:get", "", "accounts:list, accounts:create")]
    public async Task What_a_bearer_lacks_is_named(string actions, string command, string detail)
    {
        var small = await service.Limited(actions.Split(' '));
        var big = await service.Create();
        var answer = command.Length == 0
            ? await service.Delete($"{Root}/{big.Id}", small.Access)
            : await service.Post($"{Root}/{big.Id}/{command}", small.Access, null);
        Problem(answer, 403, "permission-missing");
        Assert.Contains(detail, (string?)answer.Json["detail"]);
        Assert.Equal(4, answer.Json["detail"]!.GetValue<string>().Count(character => character == ','));
    }

    private Task<(string Id, string Access)> Rotator() => service.Limited("tokens:rotate");

    /// <summary>Which part of the wanted grant reaches beyond the bearer's, as /v1 says it too.</summary>
    [Theory]
    [InlineData("""{"accounts":{"ids":["{B}"]}}""", "resources.accounts.ids")]
    [InlineData("""{"accounts":{"ids":["*"]}}""", "resources.accounts.ids")]
    [InlineData("""{"accounts":{"ids":["{A}"]},"integrations":{"categories":["sink"]}}""", "resources.integrations.categories")]
    public async Task What_of_a_new_tokens_resources_is_too_much_is_named(string resources, string part)
    {
        var world = await service.Fresh();
        var narrowed = (await service.Post(Root, service.Admin, Body(
            """{"accounts":{"ids":["{A}"]},"integrations":{"categories":["siem"]}}""", "administrator"))).Is(HttpStatusCode.Created).Json;
        var problem = Problem(
            await service.Post(Root, Access(narrowed), Body(resources, "viewer")), 403, "permission-missing");
        Assert.Equal($"The bearer itself may not do this: {part}.", (string?)problem["detail"]);
        (await service.Post(Root, Access(narrowed), Body("""{"accounts":{"ids":["{A}"]}}""", "viewer"))).Is(HttpStatusCode.Created);

        string Body(string wanted, string permissionSet) =>
            $$"""{"permission_set":"{{permissionSet}}","resources":{{wanted.Replace("{A}", world["A"]).Replace("{B}", world["B"])}}}""";
    }

    [Fact]
    public async Task Nobody_makes_more_than_it_is_and_a_taken_name_is_a_conflict()
    {
        var small = await service.Create("token-issuer");
        Problem(
            await service.Post(Root, small.Access, new { permission_set = "administrator" }), 403,
            "permission-missing");
        var name = $"n{Guid.NewGuid():N}";
        (await service.Post(Root, service.Admin, new { permission_set = "viewer", name })).Is(HttpStatusCode.Created);
        Problem(
            await service.Post(Root, service.Admin, new { permission_set = "viewer", name }), 409, "conflict", "/name");
    }
}
