using System.Net;

namespace TokenActors.Gateway.Tests.Http;

/// <summary>
/// X did something to T under a key, and X is dead: whoever finds X's secret is given nothing of T's, in any API. While
/// X lives the same call is answered again.
/// </summary>
[Collection("service")]
public sealed class DeadBearerTests(Service service)
{
    private string Account => Guid.Parse(service.OrganizationId).ToString("N");

    [Theory]
    [InlineData("rotate")]
    [InlineData("refresh")]
    [InlineData("reset")]
    public async Task On_the_lifecycle_api_a_command_to_another_token_is_401(string command)
    {
        var target = await service.Create("viewer");
        await IsAnsweredWhileItsBearerLives(
            $"/lifecycle/v1/tokens/{target.Id}/{command}", new { }, "Bearer ", "secrets");
    }

    [Fact]
    public Task On_the_lifecycle_api_a_create_is_401() => IsAnsweredWhileItsBearerLives(
        "/lifecycle/v1/tokens", new { permission_set = "viewer" }, "Bearer ", "secrets");

    [Fact]
    public async Task On_cloudflares_api_a_rotation_of_another_token_is_401_also_where_a_client_calls_it_a_retry()
    {
        var tokens = $"/client/v4/accounts/{Account}/access/service_tokens";
        async Task<string> Rotation()
        {
            var made = (await service.Post(tokens, service.Admin, new { name = "t" })).Is(HttpStatusCode.Created);
            return $"{tokens}/{made.Result["id"]}/rotate";
        }

        await IsAnsweredWhileItsBearerLives(await Rotation(), null, "Bearer ", "client_secret");
        await IsAnsweredWhileItsBearerLives(
            await Rotation(), null, "Bearer ", "client_secret", ("X-Stainless-Retry-Count", "1"));
        await IsAnsweredWhileItsBearerLives(tokens, new { name = "t" }, "Bearer ", "client_secret");
    }

    [Fact]
    public async Task On_launchdarklys_api_a_reset_of_another_token_is_401()
    {
        const string Tokens = "/api/v2/tokens";
        var made = await service.Send(
            HttpMethod.Post, Tokens, [("Authorization", service.Admin)], new { role = "reader" });
        var target = (string?)made.Is(HttpStatusCode.Created).Json["_id"];
        await IsAnsweredWhileItsBearerLives($"{Tokens}/{target}/reset", null, "", "token");
        await IsAnsweredWhileItsBearerLives(Tokens, new { role = "reader" }, "", "token");
    }

    [Fact]
    public Task On_boomerangs_api_a_create_is_401() => IsAnsweredWhileItsBearerLives(
        "/api/v2/token", new { type = "user", name = "n", principal = "u" }, "Bearer ", "token");

    private async Task IsAnsweredWhileItsBearerLives(
        string path, object? body, string scheme, string secret, params (string Name, string Value)[] how)
    {
        var bearer = await service.Create();
        (string, string)[] headers = how.Length > 0 ? how : [("Idempotency-Key", Guid.NewGuid().ToString())];
        Task<Answer> Call() =>
            service.Send(HttpMethod.Post, path, [("Authorization", scheme + bearer.Access), .. headers], body);
        var first = await Call();
        Assert.True(first.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"{path}: {first.Body}");
        Assert.Contains($"\"{secret}\":", first.Body);
        Assert.Equal((first.Status, first.Body), await Call() is var again ? (again.Status, again.Body) : default);

        (await service.Delete($"/v1/tokens/{bearer.Id}", service.Admin)).Is(HttpStatusCode.NoContent);
        var dead = (await Call()).Is(HttpStatusCode.Unauthorized);
        Assert.DoesNotContain($"\"{secret}\":", dead.Body);
    }
}
