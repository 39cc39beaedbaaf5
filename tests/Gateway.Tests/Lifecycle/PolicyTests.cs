using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>An organization's policy: its routes, and that every API holds to it.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private const string Path = "/lifecycle/v1/policy";

    private readonly Service _service = new();

    public Task InitializeAsync() => _service.InitializeAsync();

    public Task DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_policy_that_was_never_set_demands_nothing_and_one_that_is_set_is_shown()
    {
        var unset = (await _service.Get(Path, _service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal("""{"must_expire":false,"notice_days":[14,7,1],"on_leak":"revoke"}""", unset.Body);
        var set = (await Set(new
        {
            longest_life = "720h", default_life = "24h", must_expire = true, allowed_kinds = new[] { "mcp", "adhoc", "mcp" },
            notice_days = new[] { 3, 30, 3 }, on_leak = "disable",
        })).Is(HttpStatusCode.OK);
        const string Expected =
            """{"longest_life":"720h","default_life":"24h","must_expire":true,"allowed_kinds":["adhoc","mcp"],"notice_days":[30,3],"on_leak":"disable"}""";
        Assert.Equal(Expected, set.Body);
        var read = (await _service.Get(Path, _service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal((Expected, set.Headers["ETag"]), (read.Body, read.Headers["ETag"]));
        Assert.Equal(
            Expected.Replace("720h", "48h"),
            (await Set(JsonNode.Parse(Expected.Replace("720h", "48h"))!)).Is(HttpStatusCode.OK).Body);
    }

    /// <summary>The record would promise its clients more than they get.</summary>
    [Fact]
    public async Task A_former_pair_is_not_said_to_outlive_a_token_that_the_policy_cut_short()
    {
        var made = await _service.Create();
        (await Set(new { longest_life = "1m" })).Is(HttpStatusCode.OK);
        var rotated = (await _service.Post($"/lifecycle/v1/tokens/{made.Id}/rotate", _service.Admin, new { })).Is(HttpStatusCode.OK).Json;
        foreach (var half in new[] { "access", "refresh" })
        {
            Assert.Equal((string?)rotated["expires_at"], (string?)rotated["secondary"]![half]!["expires_at"]);
        }

        Assert.True(await _service.IsActive(made.Access));
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await _service.IsActive(made.Access));
    }

    [Fact]
    public async Task A_change_demands_the_tag_of_what_was_read_and_may_be_repeated()
    {
        object body = new { longest_life = "48h" };
        IsProblem(await Put(body, tag: null), HttpStatusCode.PreconditionRequired, "if-match-required");
        var tag = (await _service.Get(Path, _service.Admin)).Headers["ETag"];
        (await Put(body, tag)).Is(HttpStatusCode.OK);
        (await Put(body, tag)).Is(HttpStatusCode.OK);
        IsProblem(await Put(new { longest_life = "96h" }, tag), HttpStatusCode.PreconditionFailed, "changed-meanwhile");
    }

    [Fact]
    public async Task Of_two_who_read_the_same_policy_one_is_told_to_read_again()
    {
        var tag = (await _service.Get(Path, _service.Admin)).Headers["ETag"];
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 8).Select(hours => Put(new { longest_life = $"{hours}h" }, tag)));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("""{"longest_life":"1s"}""", "/longest_life")]
    [InlineData("""{"longest_life":"forever"}""", "/longest_life")]
    [InlineData("""{"longest_life":7}""", "/longest_life")]
    [InlineData("""{"longest_life":"1h","default_life":"2h"}""", "/default_life")]
    [InlineData("""{"must_expire":"yes"}""", "/must_expire")]
    [InlineData("""{"allowed_kinds":["session"]}""", "/allowed_kinds")]
    [InlineData("""{"notice_days":[0]}""", "/notice_days")]
    [InlineData("""{"notice_days":[91]}""", "/notice_days")]
    [InlineData("""{"notice_days":[1.5]}""", "/notice_days")]
    [InlineData("""{"notice_days":[1,2,3,4,5,6,7,8,9]}""", "/notice_days")]
    [InlineData("""{"notice_days":"7"}""", "/notice_days")]
    [InlineData("""{"on_leak":"tell"}""", "/on_leak")]
    [InlineData("""{"other":1}""", "/other")]
    public async Task What_cannot_be_a_policy_is_pointed_at(string body, string pointer)
    {
        var answer = IsProblem(await Put(body, "*"), HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(pointer, answer["errors"]!.AsArray().Select(error => (string?)error!["pointer"]));
    }

    [Fact]
    public async Task Every_api_holds_to_the_longest_life_and_says_so_in_its_own_words()
    {
        await Set(new { longest_life = "48h", must_expire = true });
        (await _service.Post(
            "/v1/tokens", _service.Admin, new { permission_set = "viewer", resources = new { }, token_ttl = "49h" }))
            .IsProblem(HttpStatusCode.BadRequest, "/token_ttl");
        var cut = (await _service.Post(
            "/v1/tokens", _service.Admin, new { permission_set = "viewer", resources = new { } }))
            .Is(HttpStatusCode.Created).Result;
        Assert.Equal(_service.Clock.GetUtcNow().AddHours(48), (DateTimeOffset)cut["expires"]!, TimeSpan.FromMinutes(1));
        var cloudflare = await _service.Post(CloudflareTokens, _service.Admin, new { name = "n", duration = "49h" });
        Assert.Equal(HttpStatusCode.BadRequest, cloudflare.Status);
        Assert.False((bool)cloudflare.Json["success"]!);
        (await _service.Post(CloudflareTokens, _service.Admin, new { name = "n", duration = "48h" })).Is(HttpStatusCode.Created);

        // A LaunchDarkly token that is asked for without an end gets the longest.
        (await _service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", _service.Admin)], new { role = "reader" }))
            .Is(HttpStatusCode.Created);
    }

    /// <summary>Whoever could not log on could not undo it (decision 39).</summary>
    [Theory]
    [InlineData("1m")]
    [InlineData("30m")]
    [InlineData("2h")]
    public async Task No_policy_locks_anybody_out(string longest)
    {
        (await _service.Post("/v1/members", _service.Admin, new
        {
            name = "late@example.com", secret = "a long enough secret", role_binding = new[] { "viewer" }, options = new { options = new[] { "expired" } },
        })).Is(HttpStatusCode.Created);
        await Set(new { longest_life = longest, must_expire = true, allowed_kinds = Array.Empty<string>() });
        var path = $"/v1/auth/logon/{_service.OrganizationId}";
        var session = (await _service.Post(path, null, new
        {
            name = (string?)_service.Bootstrap["member_name"], secret = (string?)_service.Bootstrap["member_secret"],
        })).Is(HttpStatusCode.OK).Result;
        var life = longest == "2h" ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(int.Parse(longest[..^1]));
        Assert.Equal(
            _service.Clock.GetUtcNow() + life, (DateTimeOffset)session["token"]!["access"]!["expires"]!,
            TimeSpan.FromSeconds(5));

        // A password that must be changed can be changed.
        var changing = (await _service.Post(path, null, new { name = "late@example.com", secret = "a long enough secret" })).Is(HttpStatusCode.OK).Result;
        Assert.Equal("expired", (string?)changing["auth_code"]);

        (await Put(new { }, "*", (string?)session["token"]!["access"]!["secret"])).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_must_expire_and_has_no_end_is_refused()
    {
        await Set(new { must_expire = true });
        var answer = await _service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", _service.Admin)], new { role = "reader" });
        Assert.Equal("invalid_request", (string?)answer.Is(HttpStatusCode.BadRequest).Json["code"]);
    }

    [Fact]
    public async Task A_kind_that_is_not_allowed_is_not_made_and_what_there_is_goes_on()
    {
        var before = await _service.Create("viewer");
        await Set(new { allowed_kinds = new[] { "mcp" } });
        (await _service.Post("/v1/tokens", _service.Admin, new { permission_set = "viewer", resources = new { } }))
            .IsProblem(HttpStatusCode.Conflict);
        (await _service.Post("/v1/tokens/mcp", _service.Admin, new { scope = new { type = "management" } })).Is(HttpStatusCode.Created);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await _service.Post(CloudflareTokens, _service.Admin, new { name = "n" })).Status);
        var refreshed = (await _service.Put($"/v1/tokens/{before.Id}/refresh", before.Refresh)).Is(HttpStatusCode.OK);
        (await _service.Get("/v1/organization", Made.From(refreshed).Access)).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_and_a_rotation_cut_what_was_made_before()
    {
        var made = await _service.Create("viewer", ttl: "8000h");
        await Set(new { longest_life = "48h" });
        var refreshed = (await _service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        Assert.Equal(
            _service.Clock.GetUtcNow().AddHours(48), (DateTimeOffset)refreshed.Result["expires"]!,
            TimeSpan.FromMinutes(1));
        await Set(new { longest_life = "2h" });
        var rotated = (await _service.Put($"/v1/tokens/{_service.OrganizationId}/{made.Id}/rotate", _service.Admin)).Is(HttpStatusCode.OK);
        Assert.Equal(
            _service.Clock.GetUtcNow().AddHours(2), (DateTimeOffset)rotated.Result["expires"]!,
            TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_lives_on_against_the_policy_is_listed_until_it_is_as_the_policy_wants_it()
    {
        var made = await _service.Create("viewer", ttl: "8000h", name: "long");
        var fine = await _service.Create("viewer", name: "fine");
        var endless = (await _service.Send(
            HttpMethod.Post, "/api/v2/tokens", [("Authorization", _service.Admin)], new { role = "reader" })).Is(HttpStatusCode.Created);
        Assert.Empty(await Breaches());
        await Set(new { longest_life = "7200h", must_expire = true, allowed_kinds = new[] { "adhoc" } });
        var breaches = await Breaches();
        Assert.Equal(
            ["adhoc life", "launchdarkly kind,life,never_expires"],
            breaches.Select(one => $"{one["kind"]} {string.Join(',', one["breaches"]!.AsArray())}").Order());
        Assert.DoesNotContain(fine.Id, breaches.Select(one => (string?)one["id"]));
        Assert.Single(await Breaches("?filter=name[eq]long"));
        (await _service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK);
        Assert.Equal(["launchdarkly"], (await Breaches()).Select(one => (string?)one["kind"]));
        Assert.NotNull(endless.Json["token"]);
    }

    [Fact]
    public async Task A_policy_holds_after_a_restart()
    {
        await Set(new { longest_life = "48h" });
        await _service.RestartAsync();
        (await _service.Post(
            "/v1/tokens", _service.Admin, new { permission_set = "viewer", resources = new { }, token_ttl = "49h" }))
            .IsProblem(HttpStatusCode.BadRequest, "/token_ttl");
    }

    [Fact]
    public async Task A_suborganization_lies_within_the_policy_above_it_whenever_that_changes()
    {
        var below = (string?)(await _service.Post("/v1/suborgs", _service.Admin, new { })).Is(HttpStatusCode.Created)
            .Result["token"]!["access"]!["secret"];
        async Task<HttpStatusCode> Issue(string ttl) =>
            (await _service.Post("/v1/tokens", below, new { permission_set = "viewer", resources = new { }, token_ttl = ttl })).Status;
        Assert.Equal(HttpStatusCode.Created, await Issue("60h"));
        await Set(new { longest_life = "48h" });
        Assert.Equal(HttpStatusCode.BadRequest, await Issue("60h"));
        Assert.Equal(HttpStatusCode.Created, await Issue("48h"));
        var beyond = await Put(new { longest_life = "50h" }, "*", below);
        IsProblem(beyond, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("longest_life 48h", beyond.Body, StringComparison.Ordinal);
        (await Put(new { longest_life = "24h" }, "*", below)).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.BadRequest, await Issue("25h"));
        Assert.Equal(HttpStatusCode.Created, await Issue("24h"));
        await _service.RestartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await Issue("25h"));
        (await Put(new { longest_life = "48h" }, "*", below)).Is(HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Created, await Issue("48h"));
        Assert.Equal(HttpStatusCode.BadRequest, await Issue("49h"));
        await Set(new { });
        Assert.Equal(HttpStatusCode.BadRequest, await Issue("49h"));
    }

    [Fact]
    public async Task Only_who_may_change_all_of_the_organization_sees_and_sets_it()
    {
        var viewer = await _service.Create("viewer");
        (await _service.Get(Path, viewer.Access)).Is(HttpStatusCode.OK);
        IsProblem(await Put(new { }, "*", viewer.Access), HttpStatusCode.Forbidden, "permission-missing");
        var account = (await _service.Post("/v1/accounts", _service.Admin, new { name = "a" })).Is(HttpStatusCode.Created).Result;
        var narrowed = await _service.Create(
            "administrator", new { accounts = new { ids = new[] { (string?)account["account"]!["id"] } } });
        IsProblem(await _service.Get(Path, narrowed.Access), HttpStatusCode.Forbidden, "permission-missing");
        IsProblem(await Put(new { }, "*", narrowed.Access), HttpStatusCode.Forbidden, "permission-missing");
        IsProblem(await _service.Get(Path, null), HttpStatusCode.Unauthorized, "unauthorized");
    }

    private string CloudflareTokens =>
        $"/client/v4/accounts/{_service.OrganizationId.Replace("-", "")}/access/service_tokens";

    /// <summary>All pages.</summary>
    private async Task<List<JsonNode>> Breaches(string query = "?limit=1")
    {
        List<JsonNode> all = [];
        string? cursor = null;
        do
        {
            var page = (await _service.Get($"{Path}/breaches{query}{(cursor is null ? "" : $"&cursor={cursor}")}", _service.Admin)).Is(HttpStatusCode.OK).Json;
            all.AddRange(page["items"]!.AsArray().OfType<JsonNode>());
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
        return all;
    }

    private Task<Answer> Set(object body) => Put(body, "*");

    private Task<Answer> Put(object body, string? tag, string? bearer = null)
    {
        List<(string, string)> headers = [("Authorization", "Bearer " + (bearer ?? _service.Admin))];
        if (tag is not null)
        {
            headers.Add(("If-Match", tag));
        }

        return _service.Send(HttpMethod.Put, Path, headers, body);
    }

    private static JsonObject IsProblem(Answer answer, HttpStatusCode status, string type)
    {
        Assert.True(status == answer.Status, $"expected {status}, was {answer.Status}: {answer.Body}");
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal("urn:tokenactors:problem:" + type, (string?)answer.Json["type"]);
        return answer.Json;
    }
}
