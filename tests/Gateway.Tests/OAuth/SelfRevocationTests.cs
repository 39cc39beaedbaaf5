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
            (string)mcp.Result["secret"]!, (string)integration["token"]!["access"]!["secret"]!, (await service.Create("member")).Access,
            (await service.Create("viewer")).Refresh,
        ];
        foreach (var (i, secret) in secrets.Index())
        {
            var first = await (i % 2 == 0 ? ByBearer(secret) : ByForm(secret));
            Assert.False((bool)(await service.Introspect(service.Admin, secret, "refresh_token")).Json["active"]!);
            foreach (var later in new[] { await ByBearer(secret), await ByForm(secret), await ByBearer("nonsense"), await ByForm(secret[..^2] + "zz") })
            {
                Assert.Equal((first.Status, first.Body, first.ContentType), (later.Status, later.Body, later.ContentType));
            }

            first.Is(HttpStatusCode.OK);
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

    private Task<Answer> ByForm(string secret) => service.Send(HttpMethod.Post, Route, [], new Dictionary<string, string> { ["token"] = secret });
}
