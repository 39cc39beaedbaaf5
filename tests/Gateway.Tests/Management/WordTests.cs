using System.Net;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Words and references that name nothing are told, and what is not named is not allowed.</summary>
[Collection("service")]
public sealed class WordTests(Service service)
{
    [Theory]
    [InlineData("""{"integrations":{"categories":["siem","nonsense"]}}""", "/resources/integrations/categories", "nonsense")]
    [InlineData("""{"accounts":{"ids":["demo"]}}""", "/resources/accounts/ids", "demo")]
    [InlineData("""{"organizations":{"ids":["demo"]}}""", "/resources/organizations/ids", "demo")]
    [InlineData("""{"accounts":{"ids":["*"],"environments":["stage"]}}""", "/resources/accounts/environments", "test or prod")]
    public async Task A_word_that_would_narrow_to_nothing_is_named(string resources, string pointer, string word)
    {
        var refused = (await service.Post("/v1/tokens", service.Admin, $$"""{"permission_set":"viewer","resources":{{resources}}}"""))
            .IsProblem(HttpStatusCode.BadRequest, pointer);
        Assert.Contains(word, refused.Body);
    }

    /// <summary>A point that names providers of one environment offers none in the other.</summary>
    [Theory]
    [InlineData("test", "prod")]
    [InlineData("prod", "test")]
    public async Task A_point_offers_nothing_in_an_environment_that_it_does_not_name(string named, string other)
    {
        var point = (string)(await service.Post(
            "/v1/integration-points", service.Admin,
            new JsonObject { ["connector"] = "ticketing", ["environments"] = new JsonObject { [named] = new JsonArray("*") } })).Is(HttpStatusCode.Created).Result["id"]!;
        async Task<Answer> Made(string environment)
        {
            var account = (string)(await service.Post("/v1/accounts", service.Admin, new { environment })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
            return await service.Post(
                $"/v1/integrations/{account}", service.Admin,
                new { integration_point_id = point, provider_config = new { type = "ticketing_mock_ticketing" } });
        }

        (await Made(named)).Is(HttpStatusCode.Created);
        (await Made(other)).IsProblem(HttpStatusCode.BadRequest, "/integration_point_id");
    }
}
