using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Gateway.Tests.Cloudflare;

/// <summary>Cloudflare Access service tokens on the wire.</summary>
[Collection("service")]
public sealed class CloudflareTests(Service service)
{
    private const string ClientId = "CF-Access-Client-Id";
    private const string ClientSecret = "CF-Access-Client-Secret";

    private string Account => Guid.Parse(service.OrganizationId).ToString("N");

    private string Tokens => $"/client/v4/accounts/{Account}/access/service_tokens";

    private async Task<JsonNode> Create(object? body = null) =>
        (await service.Post(Tokens, service.Admin, body ?? new { name = "svc" })).Is(HttpStatusCode.Created).Result;

    private static string Id(JsonNode token) => (string)token["id"]!;

    private static string Secret(JsonNode token) => (string)token["client_secret"]!;

    private static DateTimeOffset Time(JsonNode token, string field) =>
        DateTimeOffset.Parse((string)token[field]!, CultureInfo.InvariantCulture);

    private Task<Answer> Verify(string? id, string? secret, string query = "")
    {
        List<(string, string)> headers = [];
        if (id is not null)
        {
            headers.Add((ClientId, id));
        }

        if (secret is not null)
        {
            headers.Add((ClientSecret, secret));
        }

        return service.Send(HttpMethod.Get, "/access/verify" + query, headers);
    }

    private async Task<HttpStatusCode> Accepts(JsonNode token, string secret) =>
        (await Verify((string)token["client_id"]!, secret)).Status;

    private static Answer IsError(Answer answer, HttpStatusCode status, int code)
    {
        answer.Is(status);
        Assert.Equal("application/json", answer.ContentType);
        Assert.False((bool)answer.Json["success"]!);
        Assert.True(answer.Json.ContainsKey("result"));
        Assert.Null(answer.Json["result"]);
        Assert.Equal(code, (int)answer.Json["errors"]![0]!["code"]!);
        Assert.NotEmpty((string)answer.Json["errors"]![0]!["message"]!);
        return answer;
    }

    [Fact]
    public async Task Create_201_shows_the_secret_once_in_the_envelope()
    {
        var answer = (await service.Post(Tokens, service.Admin, new { name = "CI/CD token" })).Is(HttpStatusCode.Created);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.True((bool)answer.Json["success"]!);
        Assert.Equal("[]", answer.Json["errors"]!.ToJsonString());
        Assert.Equal("[]", answer.Json["messages"]!.ToJsonString());
        var token = answer.Result;
        Assert.Equal("CI/CD token", (string)token["name"]!);
        Assert.Equal("8760h", (string)token["duration"]!);
        Assert.Equal(1, (int)token["client_secret_version"]!);
        Assert.True((bool)token["enabled"]!);
        Assert.Matches("^[0-9a-f]{32}\\.access$", (string)token["client_id"]!);
        Assert.StartsWith("cfast_", Secret(token));
        Assert.Equal(TimeSpan.FromHours(8760), Time(token, "expires_at") - Time(token, "created_at"));
        Assert.Null(token["last_seen_at"]);
        var shown = (await service.Get($"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK).Result.AsObject();
        Assert.False(shown.ContainsKey("client_secret"));
        Assert.Equal(Id(token), Id(shown));
        Assert.DoesNotContain(Secret(token), (await service.Get(Tokens, service.Admin)).Body);
    }

    [Theory]
    [InlineData("""{}""", "/name")]
    [InlineData("""{"name":""}""", "/name")]
    [InlineData("""{"name":5}""", "/name")]
    [InlineData("""{"name":"a","duration":"1y"}""", "/duration")]
    [InlineData("""{"name":"a","duration":"0s"}""", "/duration")]
    [InlineData("""{"name":"a","duration":"Forever"}""", "/duration")]
    [InlineData("""{"name":"a","enabled":"yes"}""", "/enabled")]
    [InlineData("""{"name":"a","client_secret_version":-1}""", "/client_secret_version")]
    [InlineData("""{"name":"a","client_secret_version":1.5}""", "/client_secret_version")]
    [InlineData("""{"name":"a","previous_client_secret_expires_at":"tomorrow"}""", "/previous_client_secret_expires_at")]
    [InlineData("""{"name":"a\u0000"}""", "/name")]
    [InlineData("""[1]""", "")]
    [InlineData("""{"name":""", "")]
    public async Task Create_400_for_what_is_wrong_with_the_body(string body, string pointer)
    {
        var answer = IsError(await service.Post(Tokens, service.Admin, body), HttpStatusCode.BadRequest, 12130);
        Assert.StartsWith("access.api.error.invalid_request: ", (string)answer.Json["errors"]![0]!["message"]!);
        Assert.Equal(pointer, (string)answer.Json["errors"]![0]!["source"]!["pointer"]!);
    }

    [Fact]
    public async Task Unknown_fields_are_ignored_and_any_content_type_is_read()
    {
        var answer = await service.Send(HttpMethod.Post, Tokens, service.Admin, """{"name":"x","zone":1,"policies":[]}""", contentType: "text/plain");
        Assert.Equal("x", (string)answer.Is(HttpStatusCode.Created).Result["name"]!);
    }

    [Fact]
    public async Task Names_may_repeat_and_durations_come_back_as_they_were_sent()
    {
        var one = await Create(new { name = "twin", duration = "2h45m" });
        var other = await Create(
            new { name = "twin", duration = "forever", client_secret_version = 3, enabled = false });
        Assert.NotEqual(Id(one), Id(other));
        Assert.Equal("2h45m", (string)one["duration"]!);
        Assert.Equal(TimeSpan.FromMinutes(165), Time(one, "expires_at") - Time(one, "created_at"));
        Assert.Equal(9999, Time(other, "expires_at").Year);
        Assert.Equal(3, (int)other["client_secret_version"]!);
        Assert.False((bool)other["enabled"]!);
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(other, Secret(other)));
    }

    [Fact]
    public async Task The_list_is_paged_to_its_end_and_filtered()
    {
        var prefix = $"list-{Guid.NewGuid():N}";
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(Id(await Create(new { name = $"{prefix}-{i}" })));
        }

        List<string> seen = [];
        for (var page = 1; ; page++)
        {
            var answer = (await service.Get($"{Tokens}?search={prefix.ToUpperInvariant()}&per_page=2&page={page}", service.Admin)).Is(HttpStatusCode.OK);
            var info = answer.Json["result_info"]!;
            Assert.Equal(
                (page, 2, 5, 3),
                ((int)info["page"]!, (int)info["per_page"]!, (int)info["total_count"]!, (int)info["total_pages"]!));
            Assert.Equal(answer.Result.AsArray().Count, (int)info["count"]!);
            if (answer.Result.AsArray().Count == 0)
            {
                Assert.Equal(4, page);
                break;
            }

            seen.AddRange(answer.Result.AsArray().Select(t => Id(t!)));
        }

        Assert.Equal(ids, seen);
        Assert.Equal(ids[3], Id((await service.Get($"{Tokens}?name={prefix}-3", service.Admin)).Result[0]!));
        Assert.Empty((await service.Get($"{Tokens}?name={prefix}", service.Admin)).Result.AsArray());
        IsError(await service.Get($"{Tokens}?page=0", service.Admin), HttpStatusCode.BadRequest, 12130);
        IsError(await service.Get($"{Tokens}?per_page=1001", service.Admin), HttpStatusCode.BadRequest, 12130);
    }

    [Fact]
    public async Task A_rotation_with_grace_keeps_the_old_secret_until_the_deadline_which_can_be_moved_into_the_past()
    {
        var token = await Create();
        var until = service.Clock.GetUtcNow().AddHours(1);
        var rotated = (await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, new { previous_client_secret_expires_at = until })).Is(HttpStatusCode.OK).Result;
        Assert.Equal((string)token["client_id"]!, (string)rotated["client_id"]!);
        Assert.Equal(2, (int)rotated["client_secret_version"]!);
        Assert.Equal((string)token["expires_at"]!, (string)rotated["expires_at"]!);
        Assert.True(
            (Time(rotated, "previous_client_secret_expires_at") - until).Duration() < TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(rotated)));

        var moved = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new { previous_client_secret_expires_at = service.Clock.GetUtcNow().AddSeconds(-1) })).Is(HttpStatusCode.OK).Result;
        Assert.False(moved.AsObject().ContainsKey("client_secret"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(token, Secret(token)));
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(rotated)));
    }

    [Fact]
    public async Task A_rotation_without_grace_ends_the_old_secret_at_once_and_a_deadline_ends_it_in_time()
    {
        var token = await Create();
        var second = (await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, null)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(token, Secret(token)));
        var third = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new
        {
            client_secret_version = 3, previous_client_secret_expires_at = service.Clock.GetUtcNow().AddMinutes(1),
        })).Is(HttpStatusCode.OK).Result;
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(second)));
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(token, Secret(second)));
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(third)));
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_shows_a_secret_only_where_the_version_rose()
    {
        var token = await Create();
        Task<Answer> Update(object body) => service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, body);
        var renamed = (await Update(new { name = "renamed", client_secret_version = 1 })).Is(HttpStatusCode.OK).Result.AsObject();
        Assert.Equal("renamed", (string)renamed["name"]!);
        Assert.False(renamed.ContainsKey("client_secret"));
        service.Clock.Advance(TimeSpan.FromMinutes(5));
        var shorter = (await Update(new { duration = "1h" })).Is(HttpStatusCode.OK).Result;
        Assert.Equal(TimeSpan.FromHours(1), Time(shorter, "expires_at") - Time(shorter, "updated_at"));
        var bumped = (await Update(new { client_secret_version = 4 })).Is(HttpStatusCode.OK).Result;
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(bumped)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(token, Secret(token)));
        IsError(await Update(new { client_secret_version = 3 }), HttpStatusCode.BadRequest, 12130);
        IsError(await Update(new { name = "" }), HttpStatusCode.BadRequest, 12130);
    }

    [Fact]
    public async Task Disabling_refuses_both_secrets_and_enabling_restores_them()
    {
        var token = await Create();
        var rotated = (await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, new { previous_client_secret_expires_at = service.Clock.GetUtcNow().AddDays(1) })).Result;
        foreach (var (enabled, expected) in new[] { (false, HttpStatusCode.Unauthorized), (true, HttpStatusCode.OK) })
        {
            var answer = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new { enabled })).Is(HttpStatusCode.OK);
            Assert.Equal(enabled, (bool)answer.Result["enabled"]!);
            Assert.Equal(expected, await Accepts(token, Secret(token)));
            Assert.Equal(expected, await Accepts(token, Secret(rotated)));
        }
    }

    /// <summary>Terraform reads after it refreshes, and would see what it configured drift.</summary>
    [Fact]
    public async Task A_refresh_moves_the_expiry_and_leaves_the_duration()
    {
        var token = await Create(new { name = "svc", duration = "48h" });
        Assert.Equal(TimeSpan.FromHours(48), Time(token, "expires_at") - Time(token, "created_at"));
        var refreshed = (await service.Post($"{Tokens}/{Id(token)}/refresh", service.Admin, null)).Is(HttpStatusCode.OK).Result;
        Assert.Equal("48h", (string)refreshed["duration"]!);
        Assert.Equal(TimeSpan.FromHours(8760), Time(refreshed, "expires_at") - Time(refreshed, "updated_at"));
        var read = (await service.Get($"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(
            ("48h", (string)refreshed["expires_at"]!), ((string)read["duration"]!, (string)read["expires_at"]!));
    }

    /// <summary>A client that always sends a version sends 0 where it knows none.</summary>
    [Fact]
    public async Task A_version_of_zero_is_as_good_as_none()
    {
        var token = await Create(new { name = "svc", client_secret_version = 0 });
        Assert.Equal(1, (long)token["client_secret_version"]!);
        var updated = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new { name = "other", client_secret_version = 0 })).Is(HttpStatusCode.OK).Result;
        Assert.Equal((1, "other"), ((long)updated["client_secret_version"]!, (string)updated["name"]!));
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
    }

    /// <summary>Terraform 5 after both rotation arguments were taken out: it asks for version 1 on every apply, and
    /// reads it back.</summary>
    [Fact]
    public async Task A_version_that_begins_anew_replaces_nothing_and_stays_as_it_was_asked_for()
    {
        var token = await Create(new { name = "svc" });
        var rotated = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new { name = "svc", client_secret_version = 3 })).Is(HttpStatusCode.OK).Result;
        Assert.Equal(3, (long)rotated["client_secret_version"]!);
        for (var apply = 0; apply < 2; apply++)
        {
            var body = """{"name":"svc","previous_client_secret_expires_at":null,"client_secret_version":1}""";
            var applied = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, body)).Is(HttpStatusCode.OK).Result.AsObject();
            Assert.Equal(1, (long)applied["client_secret_version"]!);
            Assert.False(applied.ContainsKey("client_secret"));
            Assert.Equal(
                1, (long)(await service.Get($"{Tokens}/{Id(token)}", service.Admin)).Result["client_secret_version"]!);
        }

        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(rotated)));
        var again = (await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new { name = "svc", client_secret_version = 2 })).Is(HttpStatusCode.OK).Result;
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(again)));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("1000000001")]
    [InlineData("-1")]
    [InlineData("1.5")]
    public async Task A_version_beyond_its_bounds_is_400(string version)
    {
        var token = await Create();
        IsError(await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, $$"""{"client_secret_version":{{version}}}"""), HttpStatusCode.BadRequest, 12130);
        IsError(await service.Post(Tokens, service.Admin, $$"""{"name":"a","client_secret_version":{{version}}}"""), HttpStatusCode.BadRequest, 12130);
    }

    /// <summary>A time without a zone would be in the zone of the server.</summary>
    [Theory]
    [InlineData("2027-01-02T03:04:05")]
    [InlineData("2027-01-02")]
    [InlineData("1-1")]
    [InlineData("12:00 -05:00")]
    public async Task A_time_without_a_zone_is_400(string time)
    {
        var token = await Create();
        IsError(
            await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, new { previous_client_secret_expires_at = time }), HttpStatusCode.BadRequest, 12130);
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
    }

    [Fact]
    public async Task A_version_that_rotations_led_beyond_the_highest_may_be_given_back()
    {
        var created = (await service.Post(Tokens, service.Admin, new { name = "high", client_secret_version = 1_000_000_000 })).Is(HttpStatusCode.Created).Result;
        var path = $"{Tokens}/{Id(created)}";
        Assert.Equal(1_000_000_001, (long)(await service.Post($"{path}/rotate", service.Admin, null)).Is(HttpStatusCode.OK).Result["client_secret_version"]!);
        Task<Answer> Given(long version) =>
            service.Send(HttpMethod.Put, path, service.Admin, new { client_secret_version = version });
        Assert.Null((await Given(1_000_000_001)).Is(HttpStatusCode.OK).Result["client_secret"]);
        IsError(await Given(1_000_000_002), HttpStatusCode.BadRequest, 12130);
        IsError(await Given(long.MaxValue), HttpStatusCode.BadRequest, 12130);
    }

    [Fact]
    public async Task A_rotation_with_a_field_that_is_unknown_keeps_the_secret()
    {
        var token = await Create();
        IsError(
            await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, new { old_until = "1h" }),
            HttpStatusCode.BadRequest, 12130);
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
        (await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, new { })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_zone_shows_the_tokens_of_the_organization_of_its_id()
    {
        var zone = $"/client/v4/zones/{Account}/access/service_tokens";
        var token = (await service.Post(zone, service.Admin, new { name = "of a zone" })).Is(HttpStatusCode.Created).Result;
        Assert.Equal(
            "of a zone",
            (string)(await service.Get($"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK).Result["name"]!);
        (await service.Get($"{zone}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK);
        (await service.Get(zone, service.Admin)).Is(HttpStatusCode.OK);
        (await service.Send(HttpMethod.Put, $"{zone}/{Id(token)}", service.Admin, new { name = "renamed" })).Is(HttpStatusCode.OK);
        (await service.Delete($"{zone}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK);
        IsError(
            await service.Get($"/client/v4/zones/{Guid.NewGuid():N}/access/service_tokens", service.Admin),
            HttpStatusCode.Forbidden, 9109);
        IsError(
            await service.Get("/client/v4/zones/nothing/access/service_tokens", service.Admin), HttpStatusCode.NotFound,
            7003);
    }

    [Fact]
    public async Task A_refresh_gives_another_year_also_to_what_has_expired()
    {
        var token = await Create(new { name = "short", duration = "1m" });
        service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(token, Secret(token)));
        var refreshed = (await service.Post($"{Tokens}/{Id(token)}/refresh", service.Admin, null)).Is(HttpStatusCode.OK).Result.AsObject();
        Assert.False(refreshed.ContainsKey("client_secret"));
        Assert.Equal(TimeSpan.FromHours(8760), Time(refreshed, "expires_at") - Time(refreshed, "updated_at"));
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
    }

    [Fact]
    public async Task A_deleted_token_is_answered_once_more_and_then_not_found()
    {
        var token = await Create();
        Assert.Equal(
            Id(token), Id((await service.Delete($"{Tokens}/{Id(token)}", service.Admin)).Is(HttpStatusCode.OK).Result));
        Assert.Equal(HttpStatusCode.Unauthorized, await Accepts(token, Secret(token)));
        var missing = $"{Tokens}/{Id(token)}";
        foreach (var (method, path) in new[] { ("GET", missing), ("PUT", missing), ("DELETE", missing), ("POST", missing + "/refresh"), ("POST", missing + "/rotate") })
        {
            var answer = IsError(
                await service.Send(new HttpMethod(method), path, service.Admin), HttpStatusCode.NotFound, 12132);
            Assert.Equal("access.api.error.service_token_not_found", (string)answer.Json["errors"]![0]!["message"]!);
        }

        IsError(await service.Get($"{Tokens}/nonsense", service.Admin), HttpStatusCode.NotFound, 12132);
    }

    [Fact]
    public async Task A_strangers_token_finds_nothing()
    {
        var token = await Create();
        var (organization, _, stranger) = await service.NewOrganization();
        IsError(await service.Get(Tokens, stranger.Access), HttpStatusCode.Forbidden, 9109);
        IsError(await service.Get($"{Tokens}/{Id(token)}", stranger.Access), HttpStatusCode.Forbidden, 9109);
        var own = $"/client/v4/accounts/{organization.Value:N}/access/service_tokens";
        Assert.Empty((await service.Get(own, stranger.Access)).Is(HttpStatusCode.OK).Result.AsArray());
        foreach (var (method, path) in new[] { ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/refresh"), ("POST", "/rotate") })
        {
            IsError(
                await service.Send(new HttpMethod(method), $"{own}/{Id(token)}{path}", stranger.Access),
                HttpStatusCode.NotFound, 12132);
        }

        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
    }

    [Fact]
    public async Task Without_a_bearer_or_a_permission_nothing_is_done()
    {
        var token = await Create();
        var viewer = await service.Create("viewer");
        var paths = new[] { ("POST", Tokens), ("PUT", $"{Tokens}/{Id(token)}"), ("DELETE", $"{Tokens}/{Id(token)}"), ("POST", $"{Tokens}/{Id(token)}/refresh"), ("POST", $"{Tokens}/{Id(token)}/rotate") };
        foreach (var (method, path) in paths)
        {
            IsError(
                await service.Send(new HttpMethod(method), path, (string?)null, new { name = "x" }),
                HttpStatusCode.Unauthorized, 10000);
            IsError(
                await service.Send(new HttpMethod(method), path, viewer.Access, new { name = "x" }),
                HttpStatusCode.Forbidden, 9109);
        }

        (await service.Get(Tokens, viewer.Access)).Is(HttpStatusCode.OK);
        IsError(await service.Get(Tokens, viewer.Refresh), HttpStatusCode.Unauthorized, 10000);
        IsError(await service.Get(Tokens, Secret(token)), HttpStatusCode.Unauthorized, 10000);
        IsError(
            await service.Get("/client/v4/accounts/x/access/service_tokens", service.Admin), HttpStatusCode.NotFound,
            7003);
        IsError(await service.Get("/client/v4/zones", service.Admin), HttpStatusCode.NotFound, 7003);
        IsError(await service.Send(HttpMethod.Patch, Tokens, service.Admin), HttpStatusCode.MethodNotAllowed, 7003);
        (await service.Send(HttpMethod.Get, Tokens, [("X-Auth-Email", "me@example.com"), ("X-Auth-Key", service.Admin)])).Is(HttpStatusCode.OK);
        IsError(
            await service.Send(HttpMethod.Get, Tokens, [("X-Auth-Key", service.Admin)]), HttpStatusCode.Unauthorized,
            10000);
    }

    [Fact]
    public async Task Verify_says_who_it_is()
    {
        var token = await Create(new { name = "Büro 1" });
        var answer = (await Verify(((string)token["client_id"]!).ToUpperInvariant(), Secret(token))).Is(HttpStatusCode.OK);
        Assert.Equal("", answer.Body);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.Equal((string)token["client_id"]!, answer.Headers[ClientId]);
        Assert.Equal(Id(token), answer.Headers["CF-Access-Service-Token-Id"]);
        Assert.Equal("B%C3%BCro%201", answer.Headers["CF-Access-Service-Token-Name"]);
        Assert.Equal(Account, answer.Headers["CF-Access-Account-Id"]);
        (await Verify((string)token["client_id"]!, Secret(token), $"?account_id={Account}&service_token_id={Guid.NewGuid()}&service_token_id={Id(token)}")).Is(HttpStatusCode.OK);
        IsError(
            await Verify((string)token["client_id"]!, Secret(token), $"?service_token_id={Guid.NewGuid()}"),
            HttpStatusCode.Forbidden, 9109);
        IsError(
            await Verify((string)token["client_id"]!, Secret(token), $"?account_id={Guid.NewGuid():N}"),
            HttpStatusCode.Forbidden, 9109);
        var seen = (await service.Get($"{Tokens}/{Id(token)}", service.Admin)).Result;
        Assert.True((service.Clock.GetUtcNow() - Time(seen, "last_seen_at")).Duration() < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Verify_401_for_credentials_that_are_missing_repeated_incomplete_mixed_or_given_twice()
    {
        var token = await Create();
        var (id, secret) = ((string)token["client_id"]!, Secret(token));
        var other = await Create();
        var json = JsonSerializer.Serialize(
            new Dictionary<string, string> { ["cf-access-client-id"] = id, ["cf-access-client-secret"] = secret });
        var mixedCase = json.Replace("cf-access-client-id", "CF-Access-Client-Id");
        Task<Answer> Ask(params (string, string)[] headers) => service.Send(HttpMethod.Get, "/access/verify", headers);

        (await Ask(("Authorization", json))).Is(HttpStatusCode.OK);
        (await Ask(("Authorization", mixedCase))).Is(HttpStatusCode.OK);
        (await Ask((ClientId, id), (ClientSecret, secret), ("Authorization", "Basic eDp5"))).Is(HttpStatusCode.OK);
        (string, string)[][] refused =
        [
            [], [(ClientId, id)], [(ClientSecret, secret)], [(ClientId, id), (ClientSecret, secret + "x")], [(ClientId, id), (ClientSecret, Secret(other))],
            [(ClientId, (string)other["client_id"]!), (ClientSecret, secret)], [(ClientId, id), (ClientId, id), (ClientSecret, secret)],
            [(ClientId, id), (ClientSecret, secret), (ClientSecret, secret)], [(ClientId, id), (ClientSecret, secret), ("Authorization", json)],
            [("Authorization", "{\"cf-access-client-id\":\"" + id + "\"}")], [("Authorization", json[..^1])], [("Authorization", "[]")], [("Authorization", "{}")],
            [("Authorization", json.Replace("}", $",\"cf-access-client-secret\":\"{secret}\"}}"))], [("Authorization", json), ("Authorization", json)],
            [("Authorization", "{\"cf-access-client-id\":1,\"cf-access-client-secret\":2}")], [(ClientId, id), (ClientSecret, service.Admin)],
        ];
        foreach (var headers in refused)
        {
            IsError(await Ask(headers), HttpStatusCode.Unauthorized, 10000);
        }
    }

    [Fact]
    public async Task Verify_403_for_an_account_that_is_disabled()
    {
        var (organization, _, boss) = await service.NewOrganization();
        var token = (await service.Post($"/client/v4/accounts/{organization.Value:N}/access/service_tokens", boss.Access, new { name = "x" })).Is(HttpStatusCode.Created).Result;
        var grain = service.Grains.GetGrain<IOrganizationGrain>(organization.ToString());
        await grain.SetStatus(new CallContext { CommandId = Guid.NewGuid() }, OrganizationStatus.Disabled);
        IsError(await Verify((string)token["client_id"]!, Secret(token)), HttpStatusCode.Forbidden, 9109);
        IsError(
            await service.Get($"/client/v4/accounts/{organization.Value:N}/access/service_tokens", boss.Access),
            HttpStatusCode.PaymentRequired, 9109);
    }

    [Fact]
    public async Task A_repeated_call_under_its_key_is_answered_the_same_and_another_is_a_conflict()
    {
        var created = (await service.Post(Tokens, service.Admin, """{"name":"k"}""", "cf-create")).Is(HttpStatusCode.Created);
        Assert.Equal(created.Body, (await service.Post(Tokens, service.Admin, """{"name":"k"}""", "cf-create")).Is(HttpStatusCode.Created).Body);
        var conflict = IsError(await service.Post(Tokens, service.Admin, """{"name":"l"}""", "cf-create"), HttpStatusCode.Conflict, 12131);
        Assert.Equal("false", conflict.Headers["x-should-retry"]);
        var rotate = $"{Tokens}/{Id(created.Result)}/rotate";
        var rotated = (await service.Post(rotate, service.Admin, null, "cf-rotate")).Is(HttpStatusCode.OK);
        Assert.Equal(rotated.Body, (await service.Post(rotate, service.Admin, null, "cf-rotate")).Body);
        IsError(await service.Post(Tokens, service.Admin, """{"name":"k"}""", ""), HttpStatusCode.BadRequest, 12130);
    }

    /// <summary>Go's zero time says that nobody set one; it would end the former secret at once.</summary>
    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z")]
    public async Task A_deadline_that_nobody_set_is_refused(string time)
    {
        var token = await Create();
        var path = $"{Tokens}/{Id(token)}";
        var body = $$"""{"name":"t","previous_client_secret_expires_at":"{{time}}"}""";
        (await service.Post($"{path}/rotate", service.Admin, body)).Is(HttpStatusCode.BadRequest);
        (await service.Send(HttpMethod.Put, path, service.Admin, JsonNode.Parse(body)!)).Is(HttpStatusCode.BadRequest);
        Assert.Equal(
            1, (int)(await service.Get(path, service.Admin)).Is(HttpStatusCode.OK).Result["client_secret_version"]!);

        var lifecycle = (await service.Post("/lifecycle/v1/tokens", service.Admin, new { permission_set = "viewer" })).Is(HttpStatusCode.Created).Json;
        var own = $"/lifecycle/v1/tokens/{lifecycle["id"]}";
        foreach (var command in new[] { "rotate", "move-deadline" })
        {
            var refused = (await service.Post($"{own}/{command}", service.Admin, new { deadline = time })).Is(HttpStatusCode.BadRequest);
            Assert.Contains("year 2000", refused.Body, StringComparison.Ordinal);
        }

        (await service.Post("/lifecycle/v1/intents", service.Admin, new { command = "rotate", token_id = (string)lifecycle["id"]!, deadline = time })).Is(HttpStatusCode.BadRequest);
        (await service.Post($"{own}/rotate", service.Admin, new { deadline = service.Clock.GetUtcNow().AddDays(-1) })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Two_creates_without_a_key_are_two_tokens_also_where_one_says_that_it_is_a_retry()
    {
        Task<Answer> Made() => service.Send(
            HttpMethod.Post, Tokens, [("Authorization", "Bearer " + service.Admin), ("X-Stainless-Retry-Count", "1")],
            new { name = "twice" });
        var (one, other) = ((await Made()).Is(HttpStatusCode.Created).Result, (await Made()).Is(HttpStatusCode.Created).Result);
        Assert.NotEqual(Id(one), Id(other));
    }

    [Fact]
    public async Task Without_a_key_each_call_is_one_of_its_own_unless_it_says_that_it_is_a_retry()
    {
        var token = await Create();
        var rotate = $"{Tokens}/{Id(token)}/rotate";
        Task<Answer> Retry(string bearer) =>
            service.Send(
                HttpMethod.Post, rotate, [("Authorization", "Bearer " + bearer), ("X-Stainless-Retry-Count", "1")]);
        var first = (await service.Post(rotate, service.Admin, null)).Is(HttpStatusCode.OK).Result;
        var second = (await service.Post(rotate, service.Admin, null)).Is(HttpStatusCode.OK).Result;
        Assert.Equal((2, 3), ((int)first["client_secret_version"]!, (int)second["client_secret_version"]!));
        Assert.NotEqual(Secret(first), Secret(second));
        Assert.Equal(Secret(second), Secret((await Retry(service.Admin)).Is(HttpStatusCode.OK).Result));
        var other = await service.Create();
        var third = (await Retry(other.Access)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(4, (int)third["client_secret_version"]!);
    }

    [Fact]
    public async Task A_rotation_whose_outcome_is_not_known_is_503_and_not_to_be_retried()
    {
        var token = await Create();
        service.Faults.Next(Fault.Lost, Fault.Lost);
        var answer = IsError(
            await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, null), HttpStatusCode.ServiceUnavailable,
            10013);
        Assert.Equal("false", answer.Headers["x-should-retry"]);
        Assert.Equal("1", answer.Headers["Retry-After"]);
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(token)));
        service.Faults.Next(Fault.AnswerLost);
        var rotated = (await service.Post($"{Tokens}/{Id(token)}/rotate", service.Admin, null)).Is(HttpStatusCode.OK).Result;
        Assert.Equal(2, (int)rotated["client_secret_version"]!);
        Assert.Equal(HttpStatusCode.OK, await Accepts(token, Secret(rotated)));
    }

    [Fact]
    public async Task Introspection_tells_the_same_story()
    {
        var token = await Create(new { name = "seen twice", duration = "1h" });
        var story = (await service.Introspect(service.Admin, Secret(token))).Json;
        Assert.True((bool)story["active"]!);
        Assert.Equal(Time(token, "expires_at").ToUnixTimeSeconds(), (long)story["exp"]!);
        Assert.Equal(Id(token), (string)story["jti"]!);
        await service.Send(HttpMethod.Put, $"{Tokens}/{Id(token)}", service.Admin, new { enabled = false });
        Assert.Equal("""{"active":false}""", (await service.Introspect(service.Admin, Secret(token))).Body);
        (await service.Delete("/v1/tokens/seen%20twice", service.Admin)).IsProblem(HttpStatusCode.NotFound);
    }
}
