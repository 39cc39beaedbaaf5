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

    [Fact]
    public async Task An_operation_that_no_connector_has_is_named()
    {
        string[] operations = ["siem_query_events", "siem_guess_events"];
        var scope = new { type = "integration-usage", account_id = "a", restrict_to_connector_operations = operations };
        var refused = (await service.Post("/v1/tokens/mcp", service.Admin, new { scope }))
            .IsProblem(HttpStatusCode.BadRequest, "/scope/restrict_to_connector_operations");
        Assert.Contains("'siem_guess_events' is no operation", refused.Body);
        Assert.DoesNotContain("siem_query_events", refused.Body);
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

    [Fact]
    public async Task A_point_offers_providers_of_its_own_category_and_keeps_those_that_it_had()
    {
        Task<Answer> Point(string connector, params string[] providers) =>
            service.Post(
                "/v1/integration-points", service.Admin, new { connector, environments = new { test = providers } });
        var refused = (await Point("siem", "siem_mock_siem", "ticketing_mock_ticketing")).IsProblem(
            HttpStatusCode.BadRequest, "/environments/test");
        Assert.Contains("ticketing_mock_ticketing", refused.Body);
        (await Point("siem", "siem_nonsense")).IsProblem(HttpStatusCode.BadRequest, "/environments/test");
        var point = (await Point("siem", "siem_mock_siem", "*")).Is(HttpStatusCode.Created).Result;
        var path = $"/v1/integration-points/{point["id"]}";
        (await service.Send(HttpMethod.Patch, path, service.Admin, """[{"op":"replace","path":"/connector","value":"ticketing"}]""")).Is(HttpStatusCode.OK);
        (await service.Send(HttpMethod.Patch, path, service.Admin, """[{"op":"add","path":"/environments/test/-","value":"siem_sumo_logic"}]"""))
            .IsProblem(HttpStatusCode.BadRequest, "/environments/test");
    }

    [Theory]
    [InlineData("""["token_get","nope"]""", null, HttpStatusCode.BadRequest)]
    [InlineData("""["token_get","nope"]""", "own", HttpStatusCode.BadRequest)]
    [InlineData("""["token_get"]""", "own", HttpStatusCode.Created)]
    [InlineData("""["token_get","nope"]""", "https://mcp.example.com/", HttpStatusCode.Created)]
    public async Task A_tool_of_a_token_for_the_services_own_server_is_one_of_that(
        string tools, string? audience, HttpStatusCode status)
    {
        var body = new JsonObject { ["kind"] = "mcp", ["permission_set"] = "viewer", ["tools"] = JsonNode.Parse(tools) };
        if (audience is not null)
        {
            body["resource"] = audience == "own" ? new Uri(service.Http.BaseAddress!, "/mcp").ToString() : audience;
        }

        var answer = await service.Post("/lifecycle/v1/tokens", service.Admin, body);
        Assert.Equal(status, answer.Status);
        if (status == HttpStatusCode.BadRequest)
        {
            Assert.Contains("'nope' is no tool", answer.Body);
        }
    }

    /// <summary>
    /// Every field of an item that is a text or a truth value: the vendor's documents say that lists are filtered by
    /// all of them. The trail has a few of its own, and the full name of a provider follows from its type.
    /// </summary>
    [Fact]
    public async Task Lists_are_filtered_by_every_plain_field_of_their_items()
    {
        var document = (await service.Get("/v1/meta/openapi/management", null)).Is(HttpStatusCode.OK).Json;
        JsonNode Resolved(JsonNode schema) => schema["$ref"] is { } reference
            ? document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]!
            : schema;
        var account = (string)(await service.Post("/v1/accounts", service.Admin, new { })).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        List<string> missing = [];
        var fields = 0;
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            if (operations!["get"] is not { } read || read["parameters"] is not JsonArray parameters
                || !parameters.Any(parameter => (string?)parameter!["name"] == "filter") || path.StartsWith("/v1/status", StringComparison.Ordinal) || path.StartsWith("/v1/audit", StringComparison.Ordinal))
            {
                continue;
            }

            var url = path.Replace("{ownerId}", account, StringComparison.Ordinal).Replace(
                "{accountId}", account, StringComparison.Ordinal);
            var item = Resolved(Resolved(read["responses"]!["200"]!["content"]!["application/json"]!["schema"]!)["properties"]!["result"]!["items"]!);
            foreach (var (name, schema) in item["properties"]!.AsObject())
            {
                if (name == "provider_fullname" || Resolved(schema!)["type"]?.ToJsonString() is not { } type
                    || !(type.Contains("string", StringComparison.Ordinal)
                        || type.Contains("boolean", StringComparison.Ordinal)))
                {
                    continue;
                }

                fields++;
                var answer = await service.Get($"{url}?filter={name}[eq]x", service.Admin);
                if (answer.Body.Contains("there is no field", StringComparison.Ordinal))
                {
                    missing.Add($"{path} {name}");
                }
            }
        }

        Assert.True(fields > 80, $"{fields} fields were tried");
        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }
}
