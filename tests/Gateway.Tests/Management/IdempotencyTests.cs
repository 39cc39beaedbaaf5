using System.Net;

namespace TokenActors.Gateway.Tests.Management;

[Collection("service")]
public sealed class IdempotencyTests(Service service)
{
    private const string Viewer = """{"permission_set":"viewer","resources":{}}""";

    [Fact]
    public async Task A_create_repeated_under_its_key_answers_the_same()
    {
        var first = (await service.Post("/v1/tokens", service.Admin, Viewer, "create-1")).Is(HttpStatusCode.Created);
        var again = (await service.Post("/v1/tokens", service.Admin, Viewer, "create-1")).Is(HttpStatusCode.Created);
        Assert.Equal(first.Body, again.Body);
        await service.RestartAsync();
        Assert.Equal(first.Body, (await service.Post("/v1/tokens", service.Admin, Viewer, "create-1")).Body);
        Assert.NotEqual(first.Body, (await service.Post("/v1/tokens", service.Admin, Viewer, "create-2")).Body);
    }

    [Fact]
    public async Task Creates_at_once_under_one_key_make_one_token()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => service.Post("/v1/tokens", service.Admin, Viewer, "create-together")));
        Assert.All(answers, a => a.Is(HttpStatusCode.Created));
        Assert.Single(answers.Select(a => a.Body).Distinct());
    }

    [Fact]
    public async Task The_same_key_with_another_request_is_409_and_for_another_bearer_a_key_of_its_own()
    {
        var first = (await service.Post("/v1/tokens", service.Admin, Viewer, "shared")).Is(HttpStatusCode.Created);
        (await service.Post("/v1/tokens", service.Admin, """{"permission_set":"member","resources":{}}""", "shared")).IsProblem(HttpStatusCode.Conflict);
        var other = await service.Create();
        Assert.NotEqual(Made.From(first).Id, Made.From((await service.Post("/v1/tokens", other.Access, Viewer, "shared")).Is(HttpStatusCode.Created)).Id);
    }

    [Fact]
    public async Task After_ten_minutes_a_creates_key_is_409_and_a_resets_key_is_free()
    {
        var made = await service.Create();
        var reset = $"/v1/tokens/{service.OrganizationId}/{made.Id}/reset";
        (await service.Post("/v1/tokens", service.Admin, Viewer, "old")).Is(HttpStatusCode.Created);
        var first = (await service.Put(reset, service.Admin, "old")).Is(HttpStatusCode.OK);
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        (await service.Post("/v1/tokens", service.Admin, Viewer, "old")).IsProblem(HttpStatusCode.Conflict);
        Assert.NotEqual(first.Body, (await service.Put(reset, service.Admin, "old")).Is(HttpStatusCode.OK).Body);
    }

    [Fact]
    public async Task A_call_that_killed_its_own_bearer_is_answered_again()
    {
        var made = await service.Create();
        var reset = $"/v1/tokens/{service.OrganizationId}/{made.Id}/reset";
        var first = (await service.Put(reset, made.Access, "suicide")).Is(HttpStatusCode.OK);
        (await service.Get("/v1/organization", made.Access)).IsProblem(HttpStatusCode.Unauthorized);
        Assert.Equal(first.Body, (await service.Put(reset, made.Access, "suicide")).Is(HttpStatusCode.OK).Body);
        (await service.Put(reset, made.Access, "another")).IsProblem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_rotation_repeated_under_its_key_rotates_once()
    {
        var made = await service.Create();
        var rotate = $"/v1/tokens/{service.OrganizationId}/{made.Id}/rotate";
        var first = (await service.Put(rotate, service.Admin, "r")).Is(HttpStatusCode.OK);
        Assert.Equal(first.Body, (await service.Put(rotate, service.Admin, "r")).Body);
        Assert.True(await service.IsActive(made.Access));
        Assert.Equal(2, (await service.Store.AuditOf(made.Id)).Count);
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        await service.Create(name: "name-for-key");
        const string body = """{"permission_set":"viewer","resources":{},"name":"name-for-key"}""";
        (await service.Post("/v1/tokens", service.Admin, body, "refused")).IsProblem(HttpStatusCode.Conflict);
        await service.Delete("/v1/tokens/name-for-key", service.Admin);
        (await service.Post("/v1/tokens", service.Admin, body, "refused")).Is(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\tb")]
    public async Task A_bad_key_is_400(string key) =>
        (await service.Post("/v1/tokens", service.Admin, Viewer, key)).IsProblem(
            HttpStatusCode.BadRequest, "Idempotency-Key");

    [Fact]
    public async Task Mcp_tokens_are_idempotent_too()
    {
        const string body = """{"scope":{"type":"management"}}""";
        var first = (await service.Post("/v1/tokens/mcp", service.Admin, body, "mcp")).Is(HttpStatusCode.Created);
        Assert.Equal(
            first.Body,
            (await service.Post("/v1/tokens/mcp", service.Admin, body, "mcp")).Is(HttpStatusCode.Created).Body);
    }
}
