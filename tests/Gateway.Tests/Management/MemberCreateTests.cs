using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Members that are made, asked again under their idempotency key; and secrets where a name stands.</summary>
[Collection("service")]
public sealed class MemberCreateTests(Service service)
{
    private const string Password = "correct horse battery";

    private readonly string _name = $"m{Guid.NewGuid():N}@example.com";

    private Task<Answer> Make(string key, string? nickname = null, string secret = Password) =>
        service.Post("/v1/members", service.Admin, new { name = _name, secret, nickname }, key);

    [Fact]
    public async Task A_member_is_made_once_under_a_key_also_by_calls_at_once_and_after_a_restart()
    {
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Make(key)));
        Assert.Single(answers.Select(answer => answer.Is(HttpStatusCode.Created).Body).Distinct());
        await service.RestartAsync();
        Assert.Equal(answers[0].Body, (await Make(key)).Is(HttpStatusCode.Created).Body);
        (await Make(Guid.NewGuid().ToString())).IsProblem(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Another_request_under_the_key_is_409_and_so_is_the_same_after_ten_minutes_or_a_deletion()
    {
        var key = Guid.NewGuid().ToString();
        var id = (string)(await Make(key)).Is(HttpStatusCode.Created).Result["member"]!["id"]!;
        Assert.EndsWith(
            "idempotency-key-reused",
            (string)(await Make(key, "nick")).IsProblem(HttpStatusCode.Conflict).Json["type"]!);
        (await Make(key, secret: Password + "!")).IsProblem(HttpStatusCode.Conflict);
        var row = await service.Store.Read(new("member", id));
        var request = JsonNode.Parse(row!.State)!["created_by"]!;
        Assert.NotNull(request["request"]);
        service.Clock.Advance(TimeSpan.FromMinutes(10));
        (await Make(key)).IsProblem(HttpStatusCode.Conflict);

        var (other, again) = (Guid.NewGuid().ToString(), new { name = "x" + _name, secret = Password });
        var made = (string)(await service.Post("/v1/members", service.Admin, again, other)).Is(HttpStatusCode.Created).Result["member"]!["id"]!;
        (await service.Delete($"/v1/members/{made}", service.Admin)).Is(HttpStatusCode.NoContent);
        (await service.Post("/v1/members", service.Admin, again, other)).IsProblem(HttpStatusCode.Conflict);
    }

    /// <summary>Whoever mistook the field would show a living secret to everybody who may look.</summary>
    [Theory]
    [InlineData("/v1/accounts", "fullname", "{}")]
    [InlineData("/v1/members", "fullname", """{"name":"NAME","secret":"correct horse battery"}""")]
    [InlineData("/v1/members", "nickname", """{"name":"NAME","secret":"correct horse battery"}""")]
    [InlineData("/v1/roles", "fullname", """{"name":"r-new","permission_set":"viewer","resources":{}}""")]
    [InlineData("/v1/tokens", "fullname", """{"permission_set":"viewer","resources":{}}""")]
    [InlineData("/lifecycle/v1/tokens", "description", """{"permission_set":"viewer"}""")]
    [InlineData("/lifecycle/v1/tokens", "contact", """{"permission_set":"viewer"}""")]
    public async Task A_secret_is_no_name_of_anything(string path, string field, string body)
    {
        var secret = (await service.Create("viewer")).Access;
        var given = JsonNode.Parse(body.Replace("NAME", _name, StringComparison.Ordinal))!;
        given[field] = $"my token is {secret}";
        var refused = await service.Post(path, service.Admin, given.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.DoesNotContain(secret, refused.Body);
    }
}
