using System.Net;
using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Connectors and providers, from the catalogue that checks integrations.</summary>
[Collection("service")]
public sealed class CapabilityTests(Service service)
{
    [Fact]
    public async Task Connectors_are_the_categories_with_their_providers()
    {
        var plain = (await service.Get("/v1/capabilities/connectors", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(ProviderCatalog.Categories, plain.Select(connector => (string)connector!["id"]!));
        Assert.All(plain, connector => Assert.Null(connector!["providers"]));
        var full = (await service.Get("/v1/capabilities/connectors?expand=providers", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.All(full, connector => Assert.Equal(
            connector!["provider_ids"]!.AsArray().Select(id => (string)id!), connector["providers"]!.AsArray().Select(
                provider => (string)provider!["id"]!)));
        Assert.Equal(ProviderCatalog.All.Count(), full.Sum(connector => connector!["provider_ids"]!.AsArray().Count));
    }

    [Fact]
    public async Task Providers_are_expanded_by_what_is_asked_for()
    {
        var plain = (await service.Get("/v1/capabilities/providers/ticketing_jira", service.Admin)).Is(HttpStatusCode.OK).Result;
        Assert.Equal("ticketing", (string)plain["connector"]!);
        Assert.Null(plain["operations"]);
        Assert.Null(plain["provider_config"]);
        var full = (await service.Get(
            "/v1/capabilities/providers/ticketing_jira?expand=connector&expand=operations&expand=provider_config&expand=request_body", service.Admin)).Is(HttpStatusCode.OK).Result;
        Assert.Equal("ticketing", (string)full["connector"]!["id"]!);
        Assert.Contains(full["operations"]!.AsArray(), operation => (string)operation!["id"]! == "ticketing_create_ticket" && (bool)operation["request_body"]!["required"]!);
        Assert.Equal("object", (string)full["provider_config"]!["type"]!);
        (await service.Get("/v1/capabilities/providers/nothing", service.Admin)).IsProblem(HttpStatusCode.NotFound);
        (await service.Get("/v1/capabilities/providers?expand=request_body", service.Admin)).IsProblem(
            HttpStatusCode.BadRequest, "expand");
        (await service.Get("/v1/capabilities/connectors", null)).IsProblem(HttpStatusCode.Unauthorized);
    }

    /// <summary>
    /// What the schema of each provider asks for is taken as an integration, and each field that it calls required is
    /// missed where it is not there.
    /// </summary>
    [Fact]
    public async Task A_schema_and_the_check_of_integrations_do_not_differ()
    {
        var account = (string)(await service.Post("/v1/accounts", service.Admin, "{}")).Is(HttpStatusCode.Created).Result["account"]!["id"]!;
        var providers = (await service.Get("/v1/capabilities/providers?expand=provider_config", service.Admin)).Is(HttpStatusCode.OK).Result.AsArray();
        Assert.Equal(ProviderCatalog.All.Count(), providers.Count);
        foreach (var provider in providers)
        {
            var schema = provider!["provider_config"]!.AsObject();
            var config = new JsonObject(schema["properties"]!.AsObject().Select(
                property => KeyValuePair.Create(property.Key, Sample(property.Value!.AsObject()))));
            Task<Answer> Verify(JsonObject wanted) => service.Post(
                $"/v1/integrations/{account}/verify", service.Admin, new JsonObject { ["integration"] = new JsonObject { ["provider_config"] = wanted } });
            var whole = await Verify(config.DeepClone().AsObject());
            Assert.True(whole.Status is HttpStatusCode.OK or HttpStatusCode.NotImplemented, $"{config}: {whole.Body}");
            foreach (var name in schema["required"]!.AsArray().Select(name => (string)name!))
            {
                var less = config.DeepClone().AsObject();
                less.Remove(name);
                (await Verify(less)).IsProblem(HttpStatusCode.BadRequest, $"/integration/provider_config/{name}");
            }
        }
    }

    private static JsonNode? Sample(JsonObject schema) => schema switch
    {
        _ when schema["const"] is { } constant => constant.DeepClone(),
        _ when schema["$ref"] is not null => new JsonObject { ["type"] = "token", ["secret"] = "hunter2-hunter2" },
        _ => (string?)schema["type"] switch
        {
            "string" => "x",
            "boolean" => true,
            "integer" => 1,
            "array" => schema["items"] is null ? new JsonArray() : new JsonArray("x"),
            _ => new JsonObject { ["x"] = 1 },
        },
    };
}
