using System.Net;

namespace TokenActors.Gateway.Tests.OAuth;

/// <summary>Whoever holds a secret may end what it opens.</summary>
[Collection("service")]
public sealed class SelfRevocationTests(Service service)
{
    private const string Route = "/oauth2/revoke-self";

    [Fact]
    public async Task Every_kind_and_either_half_ends_itself_and_the_answer_never_differs()
    {
        var mcp = (await service.Post("/v1/tokens/mcp", service.Admin, new { scope = new { type = "management" } })).Is(HttpStatusCode.Created);
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var integration = (await service.Post($"/v1/integrations/{account}", service.Admin, new { provider_config = new { type = "siem_mock_siem" } })).Is(HttpStatusCode.Created).Result;
        string[] secrets =
        [
            (string)mcp.Result["secret"]!, (string)integration["token"]!["access"]!["secret"]!,
            (await service.Create("member")).Access,
            (await service.Create("viewer")).Refresh,
        ];
        foreach (var (i, secret) in secrets.Index())
        {
            var first = await (i % 2 == 0 ? ByBearer(secret) : ByForm(secret));
            Assert.False((bool)(await service.Introspect(service.Admin, secret, "refresh_token")).Json["active"]!);
            foreach (var later in new[] { await ByBearer(secret), await ByForm(secret), await ByBearer("nonsense"), await ByForm(secret[..^2] + "zz") })
            {
                Assert.Equal(
                    (first.Status, first.Body, first.ContentType), (later.Status, later.Body, later.ContentType));
            }

            first.Is(HttpStatusCode.OK);
        }
    }

    /// <summary>Kinds whose secrets are made by other ways, each with what its secret opens.</summary>
    [Theory]
    [InlineData("session")]
    [InlineData("default")]
    [InlineData("bridge")]
    [InlineData("cloudflare")]
    [InlineData("launchdarkly")]
    [InlineData("boomerang")]
    [InlineData("password-change")]
    public async Task A_token_of_whatever_kind_ends_itself_in_either_way(string kind)
    {
        foreach (var end in new[] { ByBearer, ByForm })
        {
            var (secret, opens) = await Make(kind);
            Assert.True(await opens());
            var answer = (await end(secret)).Is(HttpStatusCode.OK);
            Assert.Equal("", answer.Body);
            Assert.False(await opens());
        }
    }

    private async Task<(string Secret, Func<Task<bool>> Opens)> Make(string kind)
    {
        const string Password = "correct horse battery";
        switch (kind)
        {
            case "session":
                return Introspected(await Logon([]));
            case "password-change":
                var change = await Logon(["expired"]);
                return (change, async () => (await service.Post("/v1/auth/change_password", change, new { })).Status == HttpStatusCode.BadRequest);
            case "default":
                var (_, _, token) = await service.NewOrganization();
                return (token.Access, async () => (await service.Get("/v1/organization", token.Access)).Status == HttpStatusCode.OK);
            case "bridge":
                var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
                return Introspected((string)(await service.Post($"/v1/bridges/{account}", service.Admin, new { })).Is(HttpStatusCode.Created).Result["credential"]!);
            case "cloudflare":
                var tokens = $"/client/v4/accounts/{Guid.Parse(service.OrganizationId):N}/access/service_tokens";
                return Introspected((string)(await service.Post(tokens, service.Admin, new { name = "n" })).Is(HttpStatusCode.Created).Result["client_secret"]!);
            case "launchdarkly":
                var access = await service.Send(
                    HttpMethod.Post, "/api/v2/tokens", [("Authorization", service.Admin)], new { role = "reader" });
                return Introspected((string)access.Is(HttpStatusCode.Created).Json["token"]!);
            default:
                var flow = await service.Post(
                    "/api/v2/token", service.Admin,
                    new { type = "global", name = "n", permissions = new[] { "**/**" } });
                return Introspected((string)flow.Is(HttpStatusCode.OK).Json["token"]!);
        }

        async Task<string> Logon(string[] options)
        {
            var name = $"m{Guid.NewGuid():N}@example.com";
            (await service.Post("/v1/members", service.Admin, new { name, secret = Password, options = new { options } })).Is(HttpStatusCode.Created);
            return (string)(await service.Post(
                $"/v1/auth/logon/{service.OrganizationId}", null, new { name, secret = Password }))
                .Is(HttpStatusCode.OK).Result["token"]!["access"]!["secret"]!;
        }

        (string, Func<Task<bool>>) Introspected(string secret) => (secret, () => service.IsActive(secret));
    }

    private sealed class Counting : Service
    {
        protected override string[] Settings => ["--TokenActors:RateLimits:FailuresPerAddress", "3"];
    }

    /// <summary>Whoever guesses is stopped, and who ends what there is has not failed.</summary>
    [Fact]
    public async Task What_ends_nothing_counts_against_the_address_and_what_ends_something_does_not()
    {
        Counting counting = new();
        await counting.InitializeAsync();
        try
        {
            Task<Answer> End(string secret) => counting.Send(HttpMethod.Post, Route, secret);
            var last = await counting.Create("viewer");
            for (var i = 0; i < 5; i++)
            {
                (await End((await counting.Create("viewer")).Access)).Is(HttpStatusCode.OK);
            }

            var ended = await counting.Create("viewer");
            foreach (var secret in new[] { ended.Access, ended.Access, "nonsense", last.Access[..^2] + "zz" })
            {
                (await End(secret)).Is(HttpStatusCode.OK);
            }

            var refused = (await End(last.Access)).Is(HttpStatusCode.TooManyRequests);
            Assert.InRange(
                int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
            counting.Clock.Advance(TimeSpan.FromMinutes(1));
            (await counting.Get("/v1/permissionsets", last.Access)).Is(HttpStatusCode.OK);
            (await End(last.Access)).Is(HttpStatusCode.OK);
            (await counting.Get("/v1/permissionsets", last.Access)).Is(HttpStatusCode.Unauthorized);
        }
        finally
        {
            await counting.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_disabled_token_ends_too_and_a_secondary_takes_only_itself()
    {
        var made = await service.Create();
        var next = Made.From((await service.Put($"/v1/tokens/{made.Id}/refresh", made.Refresh)).Is(HttpStatusCode.OK));
        await ByBearer(made.Access);
        Assert.False(await service.IsActive(made.Access));
        Assert.True(await service.IsActive(next.Access));
        await ByForm(next.Refresh);
        (await service.Get($"/v1/tokens/{made.Id}/info", service.Admin)).IsProblem(HttpStatusCode.NotFound);

        var disabled = await service.Create();
        (await service.Post($"/lifecycle/v1/tokens/{disabled.Id}/disable", service.Admin, null)).Is(HttpStatusCode.OK);
        await ByBearer(disabled.Access);
        (await service.Get($"/v1/tokens/{disabled.Id}/info", service.Admin)).IsProblem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_call_without_a_secret_is_400_in_the_shape_of_oauth()
    {
        var answer = (await service.Send(HttpMethod.Post, Route)).Is(HttpStatusCode.BadRequest);
        Assert.Equal("invalid_request", (string)answer.Json["error"]!);
        answer = (await service.Send(HttpMethod.Post, Route, [], "{}")).Is(HttpStatusCode.UnsupportedMediaType);
        Assert.Equal("invalid_request", (string)answer.Json["error"]!);
    }

    private Task<Answer> ByBearer(string secret) => service.Send(HttpMethod.Post, Route, secret);

    private Task<Answer> ByForm(string secret) =>
        service.Send(HttpMethod.Post, Route, [], new Dictionary<string, string> { ["token"] = secret });
}
