using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Lifecycle;

/// <summary>Many secrets in one introspection, and what an introspection says beyond the RFC.</summary>
[Collection("service")]
public sealed class IntrospectionTests(Service service)
{
    private const string Route = "/lifecycle/v1/introspect";

    [Fact]
    public async Task Answers_come_in_the_order_asked_and_a_dead_one_is_inactive_without_a_word()
    {
        var (_, _, foreign) = await service.NewOrganization();
        var dead = await service.Create();
        (await service.Delete($"/v1/tokens/{dead.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        List<(string Secret, string? Id)> asked = [];
        foreach (var i in Enumerable.Range(0, 96))
        {
            var made = i % 8 == 0 ? await service.Create("viewer") : null;
            asked.Add(made is null ? ($"nothing {i}", null) : (made.Access, made.Id));
        }

        asked.AddRange([(dead.Access, null), (foreign.Access, null), (asked[0].Secret, asked[0].Id), (asked[8].Secret + "\n", asked[8].Id)]);
        var answer = (await service.Post(Route, service.Admin, new { tokens = asked.Select(one => one.Secret) })).Is(HttpStatusCode.OK);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        var items = answer.Json["items"]!.AsArray();
        Assert.Equal(asked.Select(one => one.Id), items.Select(item => (string?)item!["jti"]));
        Assert.All(items.Where(item => item!["jti"] is null), item => Assert.Equal("""{"active":false}""", item!.ToJsonString()));
    }

    [Fact]
    public async Task A_refresh_secret_is_active_only_by_its_hint_and_a_tool_token_as_by_oauth()
    {
        var made = await service.Create();
        var mcp = (string)(await service.Post(
            "/v1/tokens/mcp", service.Admin, new { scope = new { type = "management" } }))
            .Is(HttpStatusCode.Created).Result["secret"]!;
        string[] secrets = [made.Refresh, made.Access, mcp];
        var plain = (await service.Post(Route, service.Admin, new { tokens = secrets })).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal([false, true, true], plain.Select(item => (bool)item!["active"]!));
        Assert.Equal("mcp", (string?)plain[2]!["profile"]);
        var hinted = (await service.Post(Route, service.Admin, new { tokens = secrets, token_type_hint = "refresh_token" })).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(["refresh", "access", "access"], hinted.Select(item => (string)item!["token_use"]!));
    }

    [Fact]
    public async Task A_narrowed_bearer_sees_what_it_reaches_only()
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var narrowed = await service.Create("administrator", new { accounts = new { ids = new[] { account } } });
        var wide = await service.Create();
        var items = (await service.Post(Route, narrowed.Access, new { tokens = new[] { wide.Access, narrowed.Access } })).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(
            [(bool)(await service.Introspect(narrowed.Access, wide.Access)).Json["active"]!, true],
            items.Select(item => (bool)item!["active"]!));
    }

    [Fact]
    public async Task Without_the_permission_it_is_403_and_without_a_bearer_401()
    {
        var member = await service.Create("member");
        Problem(
            (await service.Post(Route, member.Access, new { tokens = new[] { "x" } })).Is(HttpStatusCode.Forbidden));
        Problem((await service.Post(Route, null, new { tokens = new[] { "x" } })).Is(HttpStatusCode.Unauthorized));
    }

    [Theory]
    [InlineData("{}", "/tokens")]
    [InlineData("""{"tokens":[]}""", "/tokens")]
    [InlineData("""{"tokens":"x"}""", "/tokens")]
    [InlineData("""{"tokens":[1]}""", "/tokens/0")]
    [InlineData("""{"tokens":["x"],"more":1}""", "/more")]
    [InlineData("""{"tokens":["x"],"token_type_hint":7}""", "/token_type_hint")]
    public async Task What_is_wrong_with_the_body_is_400_that_points_to_it(string body, string pointer)
    {
        var problem = Problem((await service.Post(Route, service.Admin, body)).Is(HttpStatusCode.BadRequest));
        Assert.Equal(pointer, (string)problem["errors"]![0]!["pointer"]!);
    }

    [Fact]
    public async Task More_than_a_hundred_secrets_are_400()
    {
        Problem((await service.Post(Route, service.Admin, new { tokens = Enumerable.Repeat("x", 101) })).Is(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task An_introspection_names_the_member_and_the_integration()
    {
        var me = (await service.Introspect(service.Admin, service.Admin)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((long)me["iat"]!, (long)me["nbf"]!);
        Assert.Null(me["client_id"]);
        var member = (await service.Get($"/v1/members/{(string)me["sub"]!}", service.Admin)).Is(HttpStatusCode.OK).Result;
        Assert.Equal((string)member["name"]!, (string)me["username"]!, ignoreCase: true);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var made = (await service.Post($"/v1/integrations/{account}", service.Admin, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created).Result;
        var connector = (await service.Introspect(service.Admin, (string)made["token"]!["access"]!["secret"]!)).Is(HttpStatusCode.OK).Json;
        Assert.Equal((string)made["integration"]!["id"]!, (string)connector["client_id"]!);
    }

    private static JsonObject Problem(Answer answer)
    {
        Assert.Equal("application/problem+json", answer.ContentType);
        return answer.Json;
    }
}
