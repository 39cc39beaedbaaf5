using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Boomerang;

/// <summary>Boomerang Flow tokens on the wire.</summary>
[Collection("service")]
public sealed class BoomerangTests(Service service)
{
    private const string Tokens = "/api/v2/token";

    private static readonly string[] All = ["**/**"];

    private async Task<JsonObject> Create(object body, string? bearer = null) =>
        (await service.Post(Tokens, bearer ?? service.Admin, body)).Is(HttpStatusCode.OK).Json;

    private Task<JsonObject> CreateTeam(string principal, params string[] permissions) =>
        Create(new { type = "team", name = "t", principal, permissions = permissions.Length == 0 ? All : permissions });

    private async Task<JsonObject> Query(string query, string? bearer = null) =>
        (await service.Get($"{Tokens}/query?{query}", bearer ?? service.Admin)).Is(HttpStatusCode.OK).Json;

    private static string[] Ids(JsonObject page) => [.. page["content"]!.AsArray().Select(t => Id(t!))];

    private static string Id(JsonNode token) => (string)token["id"]!;

    private static string Secret(JsonNode token) => (string)token["token"]!;

    private static string Unique(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    private static void IsError(Answer answer, HttpStatusCode status, int code, string reason)
    {
        answer.Is(status);
        Assert.Equal(["timestamp", "code", "reason", "message", "status", "cause"], answer.Json.Select(p => p.Key));
        Assert.Equal((code, reason), ((int)answer.Json["code"]!, (string)answer.Json["reason"]!));
        Assert.StartsWith($"{(int)status} ", (string)answer.Json["status"]!);
        Assert.NotEmpty((string)answer.Json["message"]!);
        Assert.Null(answer.Json["cause"]);
    }

    [Theory]
    [InlineData("global", "bfg_")]
    [InlineData("team", "bft_")]
    [InlineData("workflow", "bfw_")]
    [InlineData("user", "bfu_")]
    public async Task Create_200_shows_the_secret_once(string type, string prefix)
    {
        var principal = Unique("p");
        var answer = (await service.Post(Tokens, service.Admin, new { type, name = "n", principal, permissions = All, description = "d" })).Is(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.False(answer.Headers.ContainsKey("Location"));
        var made = answer.Json;
        Assert.Equal(["id", "type", "token", "expirationDate"], made.Select(p => p.Key));
        Assert.StartsWith(prefix, Secret(made));
        Assert.Null(made["expirationDate"]);
        var listed = (await Query($"types={type}")).AsObject()["content"]!.AsArray().Single(t => Id(t!) == Id(made))!;
        Assert.Equal(
            ["id", "type", "name", "description", "creationDate", "expirationDate", "valid", "principal", "permissions"], listed.AsObject().Select(p => p.Key));
        Assert.Equal(
            (type, "n", "d", true),
            ((string)listed["type"]!, (string)listed["name"]!, (string)listed["description"]!, (bool)listed["valid"]!));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$", (string)listed["creationDate"]!);
        var permission = listed["permissions"]!.AsArray().Single()!;
        Assert.Equal((type, type == "global" ? "**" : principal, """["**/**"]"""), ((string)permission["scope"]!, (string)permission["principal"]!, permission["actions"]!.ToJsonString()));
        Assert.Equal(type == "global" ? null : principal, (string?)listed["principal"]);
        Assert.DoesNotContain(Secret(made), listed.ToJsonString());
    }

    [Theory]
    [InlineData("""{"name":"n","principal":"p","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"Team","name":"n","principal":"p","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"team","principal":"p","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"team","name":"","principal":"p","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"team","name":"n","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"team","name":"n","principal":" ","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"team","name":"n","principal":"p"}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"team","name":"n","principal":"p","permissions":[]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":"**/**"}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":"soon"}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":"1-1"}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":"12:00 -05:00"}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":-1}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":1830297600}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":0}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n","permissions":["**/**"],"expirationDate":"1970-01-22T04:24:57Z"}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"global","name":"n\u0000","permissions":["**/**"]}""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{"type":"session","name":"n","principal":"p"}""", 1011, "TOKEN_INVALID_SESSION_REQ")]
    [InlineData("""{"type":"team","name":"n","principal":"p","permissions":["team/p/Read"]}""", 1012, "TOKEN_INVALID_PERMISSION")]
    [InlineData("""{"type":"team","name":"n","principal":"p","permissions":["rocket/read"]}""", 1012, "TOKEN_INVALID_PERMISSION")]
    [InlineData("""[]""", 1010, "TOKEN_INVALID_REQ")]
    [InlineData("""{""", 1010, "TOKEN_INVALID_REQ")]
    public async Task Create_400_for_what_is_wrong_with_the_body(string body, int code, string reason) =>
        IsError(await service.Post(Tokens, service.Admin, body), HttpStatusCode.BadRequest, code, reason);

    [Fact]
    public async Task A_global_token_has_no_principal_a_users_needs_no_permissions_and_unknown_fields_are_ignored()
    {
        await Create("""{"type":"global","name":"n","permissions":["**/**"],"teams":[],"role":"owner"}""");
        await Create(new { type = "user", name = "n", principal = "u" });
    }

    [Fact]
    public async Task Expiration_is_a_date_or_milliseconds_and_expired_tokens_stay_listed_as_not_valid()
    {
        var principal = Unique("exp");
        var at = service.Clock.GetUtcNow().AddHours(1);
        var milliseconds = at.ToUnixTimeMilliseconds();
        var byNumber = await Create(
            new { type = "team", name = "a", principal, permissions = All, expirationDate = milliseconds });
        var byText = await Create(new { type = "team", name = "b", principal, permissions = All, expirationDate = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) });
        Assert.Equal((string)byNumber["expirationDate"]!, (string)byText["expirationDate"]!);
        Assert.EndsWith("+00:00", (string)byNumber["expirationDate"]!);
        (await service.Get($"{Tokens}/query", Secret(byNumber))).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromHours(1));
        IsError(
            await service.Get($"{Tokens}/query", Secret(byNumber)), HttpStatusCode.Unauthorized, 401, "UNAUTHORIZED");
        Assert.All(
            (await Query($"principals={principal}"))["content"]!.AsArray(), t => Assert.False((bool)t!["valid"]!));
        var past = await Create(
            new { type = "team", name = "c", principal, permissions = All, expirationDate = "2020-01-01T00:00:00Z" });
        IsError(await service.Get($"{Tokens}/query", Secret(past)), HttpStatusCode.Unauthorized, 401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Queries_filter_sort_and_page_with_right_totals()
    {
        var (red, blue) = (Unique("red"), Unique("blue"));
        List<string> ids = [];
        var start = service.Clock.GetUtcNow();
        foreach (var (type, principal, name) in new[] { ("team", red, "b"), ("team", blue, "a"), ("workflow", red, "d"), ("user", blue, "c"), ("team", red, "e") })
        {
            ids.Add(Id(await Create(new { type, name, principal, permissions = All })));
            service.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var both = $"principals={red}&principals={blue}";
        Assert.Equal(ids, Ids(await Query(both)));
        Assert.Equal(ids, Ids(await Query($"principals={red},{blue}&types=team,workflow&types=user")));
        Assert.Equal([ids[0], ids[2], ids[4]], Ids(await Query($"principals={red}")));
        Assert.Equal([ids[0], ids[4]], Ids(await Query($"principals={red}&types=team")));
        Assert.Equal([ids[4], ids[3], ids[2], ids[1], ids[0]], Ids(await Query($"{both}&order=DESC")));
        Assert.Equal([ids[1], ids[0], ids[3], ids[2], ids[4]], Ids(await Query($"{both}&sort=name&order=ASC")));
        Assert.Empty(Ids(await Query($"{both}&types=session")));

        long At(int seconds) => start.AddSeconds(seconds).ToUnixTimeMilliseconds();
        Assert.Equal([ids[1], ids[2]], Ids(await Query($"{both}&fromDate={At(5)}&toDate={At(25)}")));
        var exact = DateTimeOffset.Parse((string)(await Query($"{both}&sort=creationDate"))["content"]![1]!["creationDate"]!, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        Assert.DoesNotContain(ids[1], Ids(await Query($"{both}&toDate={exact}")));
        Assert.Contains(ids[1], Ids(await Query($"{both}&fromDate={exact}")));

        var page = await Query($"{both}&limit=2&page=1");
        Assert.Equal([ids[2], ids[3]], Ids(page));
        Assert.Equal((5, 3, 1, 2, 2), ((int)page["totalElements"]!, (int)page["totalPages"]!, (int)page["number"]!, (int)page["size"]!, (int)page["numberOfElements"]!));
        Assert.Equal((false, false, false), ((bool)page["first"]!, (bool)page["last"]!, (bool)page["empty"]!));
        Assert.Equal((2, true), ((int)page["pageable"]!["offset"]!, (bool)page["pageable"]!["paged"]!));
        Assert.True((bool)page["sort"]!["sorted"]!);
        var last = await Query($"{both}&limit=2&page=2");
        Assert.True((bool)last["last"]!);
        Assert.Single(Ids(last));
        var past = await Query($"{both}&limit=2&page=9");
        Assert.True((bool)past["empty"]!);
        Assert.Equal(5, (int)past["totalElements"]!);
        var whole = await Query($"{both}&page=3");
        Assert.Equal("INSTANCE", (string)whole["pageable"]!);
        Assert.Equal((5, 1, 0), ((int)whole["numberOfElements"]!, (int)whole["totalPages"]!, (int)whole["number"]!));
    }

    [Theory]
    [InlineData("types=galaxy")]
    [InlineData("limit=0")]
    [InlineData("limit=-1")]
    [InlineData("limit=1001")]
    [InlineData("limit=x")]
    [InlineData("limit=2&page=-1")]
    [InlineData("sort=secret")]
    [InlineData("order=UP")]
    [InlineData("fromDate=yesterday")]
    public async Task Query_400_for_what_is_wrong_with_it(string query) =>
        IsError(
            await service.Get($"{Tokens}/query?{query}", service.Admin), HttpStatusCode.BadRequest, 1001,
            "QUERY_INVALID_FILTERS");

    [Fact]
    public async Task Delete_200_without_content_and_400_without_content_for_what_is_not_there()
    {
        var made = await CreateTeam("del");
        var (_, _, stranger) = await service.NewOrganization();
        Assert.Equal(
            "", (await service.Delete($"{Tokens}/{Id(made)}", stranger.Access)).Is(HttpStatusCode.BadRequest).Body);
        Assert.Equal("", (await service.Delete($"{Tokens}/{Id(made)}", service.Admin)).Is(HttpStatusCode.OK).Body);
        Assert.Equal(
            "", (await service.Delete($"{Tokens}/{Id(made)}", service.Admin)).Is(HttpStatusCode.BadRequest).Body);
        Assert.Equal(
            "", (await service.Delete($"{Tokens}/nonsense", service.Admin)).Is(HttpStatusCode.BadRequest).Body);
        Assert.Equal("", (await service.Delete($"{Tokens}/{service.DefaultTokenId}", service.Admin)).Is(HttpStatusCode.BadRequest).Body);
        IsError(await service.Get($"{Tokens}/query", Secret(made)), HttpStatusCode.Unauthorized, 401, "UNAUTHORIZED");
    }

    [Fact]
    public async Task Permissions_are_enforced_and_none_is_given_beyond_ones_own()
    {
        var team = Unique("team");
        var reader = await CreateTeam(team, "token/read");
        var writer = await CreateTeam(team, "token/write", "workflow/read");
        var deleter = await CreateTeam(team, "token/delete");
        var elsewhere = await CreateTeam(Unique("team"), "**/**");
        object Wanted(string principal, string permission, string type = "team") => new { type, name = "n", principal, permissions = new[] { permission } };

        IsError(
            await service.Post(Tokens, Secret(reader), Wanted(team, "token/read")), HttpStatusCode.Unauthorized, 403,
            "PERMISSION_DENIED");
        IsError(
            await service.Get($"{Tokens}/query", Secret(writer)), HttpStatusCode.Unauthorized, 403,
            "PERMISSION_DENIED");
        IsError(
            await service.Delete($"{Tokens}/{Id(reader)}", Secret(writer)), HttpStatusCode.Unauthorized, 403,
            "PERMISSION_DENIED");
        await Create(Wanted(team, "workflow/read"), Secret(writer));
        IsError(
            await service.Post(Tokens, Secret(writer), Wanted(team, "token/read")), HttpStatusCode.Unauthorized, 403,
            "PERMISSION_DENIED");
        IsError(
            await service.Post(Tokens, Secret(writer), Wanted("another", "workflow/read")), HttpStatusCode.Unauthorized,
            403, "PERMISSION_DENIED");
        IsError(
            await service.Post(Tokens, Secret(writer), Wanted(team, "workflow/read", "workflow")),
            HttpStatusCode.Unauthorized, 403, "PERMISSION_DENIED");
        IsError(
            await service.Post(Tokens, Secret(writer), Wanted(team, "workflow/read", "global")),
            HttpStatusCode.Unauthorized, 403, "PERMISSION_DENIED");

        var seen = Ids(await Query("", Secret(reader)));
        Assert.Contains(Id(writer), seen);
        Assert.DoesNotContain(Id(elsewhere), seen);
        Assert.Empty(Ids(await Query("types=user", Secret(reader))));
        (await service.Delete($"{Tokens}/{Id(elsewhere)}", Secret(deleter))).Is(HttpStatusCode.BadRequest);
        (await service.Delete($"{Tokens}/{Id(writer)}", Secret(deleter))).Is(HttpStatusCode.OK);

        var global = await Create(new { type = "global", name = "n", permissions = All });
        await Create(Wanted("anyone", "**/**"), Secret(global));
        Assert.Contains(Id(elsewhere), Ids(await Query("", Secret(global))));
        var viewer = await service.Create("viewer");
        IsError(
            await service.Post(Tokens, viewer.Access, Wanted(team, "token/read")), HttpStatusCode.Unauthorized, 403,
            "PERMISSION_DENIED");
        await Query("limit=1", viewer.Access);
    }

    [Fact]
    public async Task A_secret_is_taken_from_headers_and_never_from_a_query()
    {
        var made = await CreateTeam("where");
        IsError(
            await service.Get($"{Tokens}/query?access_token={Secret(made)}", (string?)null),
            HttpStatusCode.Unauthorized, 401, "UNAUTHORIZED");
        (await service.Send(HttpMethod.Get, $"{Tokens}/query", [("x-access-token", Secret(made))])).Is(HttpStatusCode.OK);
        IsError(await service.Send(HttpMethod.Get, $"{Tokens}/query", [("x-access-token", Secret(made)), ("Authorization", "Basic eDp5")]), HttpStatusCode.Unauthorized, 401, "UNAUTHORIZED");
        IsError(await service.Get($"{Tokens}/none/such", service.Admin), HttpStatusCode.NotFound, 404, "NOT_FOUND");
        IsError(
            await service.Send(HttpMethod.Put, Tokens, service.Admin), HttpStatusCode.MethodNotAllowed, 405,
            "METHOD_NOT_ALLOWED");
    }

    [Fact]
    public async Task Introspection_tells_the_same_story()
    {
        var made = await CreateTeam("story", "workflow/read", "token/read");
        var story = (await service.Introspect(service.Admin, Secret(made))).Json;
        Assert.True((bool)story["active"]!);
        Assert.Equal("boomerang-team", (string)story["profile"]!);
        Assert.Equal(Id(made), (string)story["jti"]!);
        Assert.Equal("""["workflow/read","token/read"]""", story["claims"]!["boomerang"]!["permissions"]!.ToJsonString());
        await service.Delete($"{Tokens}/{Id(made)}", service.Admin);
        Assert.Equal("""{"active":false}""", (await service.Introspect(service.Admin, Secret(made))).Body);
    }

    [Fact]
    public async Task Creates_under_a_key_are_answered_again_and_a_lost_outcome_is_503()
    {
        var body = """{"type":"team","name":"k","principal":"k","permissions":["**/**"]}""";
        var first = (await service.Post(Tokens, service.Admin, body, "bf")).Is(HttpStatusCode.OK);
        Assert.Equal(first.Body, (await service.Post(Tokens, service.Admin, body, "bf")).Body);
        IsError(
            await service.Post(Tokens, service.Admin, body.Replace("\"k\"", "\"l\""), "bf"), HttpStatusCode.Conflict,
            409, "CONFLICT");
        service.Faults.Next(Fault.Lost, Fault.Lost);
        var lost = await service.Post(Tokens, service.Admin, body);
        IsError(lost, HttpStatusCode.ServiceUnavailable, 503, "UNAVAILABLE");
        Assert.Equal("false", lost.Headers["x-should-retry"]);
    }
}
