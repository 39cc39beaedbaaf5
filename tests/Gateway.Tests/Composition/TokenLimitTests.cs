using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Gateway.Tests.Lifecycle;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>The operator's limit of tokens, asked by many at once on every way that makes a token.</summary>
public sealed class TokenLimitTests(TokenLimitTests.Few service) : IClassFixture<TokenLimitTests.Few>
{
    public const int Most = 10;

    private const int Callers = 64;

    public sealed class Few : Service
    {
        protected override string[] Settings =>
        [
            "--TokenActors:Tokens:MostLiveTokens", $"{Most}", "--TokenActors:RateLimits:PerToken", "10000",
        ];
    }

    /// <summary>The default token of the organization is one of the named ones; facades and bridges are counted
    /// apart.</summary>
    [Theory]
    [InlineData("/v1/tokens", """{"permission_set":"viewer","resources":{}}""", Most - 1)]
    [InlineData("/lifecycle/v1/tokens", """{"permission_set":"viewer"}""", Most - 1)]
    [InlineData("/v1/integrations/{account}", """{"provider_config":{"type":"siem_mock_siem"}}""", Most - 1)]
    [InlineData("/v1/tokens/synqly-integrations", "{}", Most - 1)]
    [InlineData("/v1/bridges/{account}", "{}", Most)]
    [InlineData("/client/v4/accounts/{cf}/access/service_tokens", """{"name":"x"}""", Most)]
    [InlineData("/api/v2/tokens", """{"role":"reader"}""", Most)]
    [InlineData("/api/v2/token", """{"type":"global","name":"x","permissions":["**/**"]}""", Most)]
    public async Task No_more_are_made_than_there_may_be(string path, string body, int left)
    {
        var (organization, _, admin) = await service.NewOrganization();
        var account = (await service.Post("/v1/accounts", admin.Access, new { environment = "test" })).Is(HttpStatusCode.Created).Result;
        var at = path.Replace("{account}", (string)account["account"]!["id"]!, StringComparison.Ordinal)
            .Replace("{cf}", organization.Value.ToString("N"), StringComparison.Ordinal);
        foreach (var keyed in new[] { false, true })
        {
            var answers = await Task.WhenAll(
                Enumerable.Range(0, Callers).Select(_ => Make(keyed ? Guid.NewGuid().ToString() : null)));
            var made = answers.Count(answer => (int)answer.Status is 200 or 201);
            Assert.Equal(keyed ? 0 : left, made);
            Assert.DoesNotContain(answers, answer => (int)answer.Status >= 500);
        }

        Task<Answer> Make(string? key)
        {
            var secret = at.StartsWith("/api/v2/tokens", StringComparison.Ordinal)
                ? admin.Access
                : "Bearer " + admin.Access;
            List<(string, string)> headers = [("Authorization", secret)];
            if (key is not null)
            {
                headers.Add(("Idempotency-Key", key));
            }

            return service.Send(HttpMethod.Post, at, headers, body);
        }
    }

    [Fact]
    public async Task Imports_at_once_make_no_more_either()
    {
        var (_, _, admin) = await service.NewOrganization();
        await service.Scheme(admin.Access);
        var jobs = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => await service.Ended(
            await service.Import(Imports.Lines(Enumerable.Range(0, 32).Select(_ => Imports.Line(Imports.NewKey()))), admin.Access), admin.Access)));
        Assert.Equal(Most - 1, jobs.Sum(Imported));
    }

    /// <summary>What is refused for another reason leaves its place at once, and so does what is deleted.</summary>
    [Fact]
    public async Task A_place_is_free_again_after_a_refusal_and_after_a_delete()
    {
        var (_, _, admin) = await service.NewOrganization();
        var made = new List<string>();
        for (var i = 0; i < Most - 2; i++)
        {
            made.Add((await Make($"t{i}")).Is(HttpStatusCode.Created).Json["id"]!.GetValue<string>());
        }

        (await Make("t0")).Is(HttpStatusCode.Conflict);
        (await Make("last")).Is(HttpStatusCode.Created);
        (await Make("beyond")).Is(HttpStatusCode.Conflict);
        (await service.Delete($"/lifecycle/v1/tokens/{made[0]}", admin.Access)).Is(HttpStatusCode.NoContent);
        (await Make("again")).Is(HttpStatusCode.Created);

        Task<Answer> Make(string name) =>
            service.Post("/lifecycle/v1/tokens", admin.Access, new { permission_set = "viewer", name });
    }

    private static int Imported(JsonObject job) => (int)job["imported"]!;
}
