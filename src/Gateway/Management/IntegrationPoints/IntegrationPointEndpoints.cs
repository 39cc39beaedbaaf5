using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Integrations;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Mappings;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.IntegrationPoints;

/// <summary><c>/v1/integration-points</c>.</summary>
internal sealed class IntegrationPointKind : IResourceKind<IntegrationPointWire>
{
    public static string Kind => "integration_point";

    public static ListSchema Schema => ResourceLists.IntegrationPoints;

    public static bool Counts => true;

    public static JsonTypeInfo<IntegrationPointWire> WireType => IntegrationPointJson.Wire.IntegrationPointWire;

    public static JsonTypeInfo<Envelope<IntegrationPointWire>> OneType =>
        IntegrationPointJson.Wire.EnvelopeIntegrationPointWire;

    public static JsonTypeInfo<ListEnvelope<IntegrationPointWire>> ListType =>
        IntegrationPointJson.Wire.ListEnvelopeIntegrationPointWire;

    public static IntegrationPointWire ToWire(Resource resource) => IntegrationPointWire.From(resource);

    public static ResourceInput? ReadContent(JsonFields fields, Resource? current)
    {
        var description = fields.Text("description");
        var connector = fields.Text("connector", required: true);
        if (connector is not null && !ProviderCatalog.Categories.Contains(connector))
        {
            fields.Reject("connector", $"must be one of {string.Join(", ", ProviderCatalog.Categories)}");
        }

        ImmutableArray<string>? test = null, prod = null;
        if (fields.Object("environments", required: true) is { } environments)
        {
            var before = current?.Content.IntegrationPoint;
            test = Providers(environments, "test", connector, before?.TestProviders);
            prod = Providers(environments, "prod", connector, before?.ProdProviders);
            environments.RefuseUnknown();
        }

        var mappings = IntegrationFieldReader.Mappings(fields, isTemplate: true);
        var additional = IntegrationFieldReader.AdditionalMappings(fields, isTemplate: true);
        var scheduled = IntegrationFieldReader.ScheduledOperations(fields, connector);
        if (connector is null)
        {
            return null;
        }

        return new ResourceInput(new ResourceContent
        {
            IntegrationPoint = new IntegrationPointContent
            {
                Description = description,
                Connector = connector,
                TestProviders = test,
                ProdProviders = prod,
                Mappings = mappings,
                AdditionalMappings = additional,
                ScheduledOperations = scheduled,
            },
        });
    }

    public static Task<RequestError?> BrokenReference(
        ApiRequest request, IGrainFactory grains, ResourceContent wanted, Resource? current) =>
        MappingReferences.ProblemWith(
            request, grains, wanted.IntegrationPoint?.Mappings, current?.Content.IntegrationPoint?.Mappings);

    /// <param name="fields">of both environments</param>
    /// <param name="environment">whose providers are read</param>
    /// <param name="connector">their category; null where it is wrong itself</param>
    /// <param name="before">what was there, and may stay</param>
    private static ImmutableArray<string>? Providers(
        JsonFields fields, string environment, string? connector, ImmutableArray<string>? before)
    {
        if (fields.Texts(environment, allowEmpty: true) is not { } providers)
        {
            return null;
        }

        foreach (var provider in providers.Where(provider => provider != "*" && before?.Contains(provider) != true))
        {
            if (ProviderCatalog.Find(provider) is not { Category: var category })
            {
                fields.Reject(environment, $"'{provider}' is no provider");
            }
            else if (connector is not null && category != connector)
            {
                fields.Reject(environment, $"'{provider}' is no provider of {connector}");
            }
        }

        return [.. providers];
    }
}

internal static class IntegrationPointEndpoints
{
    public static void MapIntegrationPoints(this RouteGroupBuilder v1) =>
        v1.MapResource("/integration-points", "integration points")
            .MapCrud<IntegrationPointKind, IIntegrationPointGrain, IntegrationPointWire>(
                "integration_points", "integrationPoints", "integrationPointId", Create);

    private static async Task<Results<JsonCreated<Envelope<IntegrationPointWire>>, Refusal>> Create(
        ApiRequest request, ObjectBody<CreateIntegrationPointRequest> body, IGrainFactory grains, TimeProvider time)
    {
        var point = await ResourceHandlers<IntegrationPointKind, IIntegrationPointGrain, IntegrationPointWire>.Create(
            request, body.Fields, grains, time);
        return point.IsSuccess
            ? new JsonCreated<Envelope<IntegrationPointWire>>(
                new(IntegrationPointWire.From(point.Value)), IntegrationPointJson.Wire.EnvelopeIntegrationPointWire)
            : point.Refusal;
    }
}

/// <summary>Body of create.</summary>
internal sealed record CreateIntegrationPointRequest(
    string? Name, string? Fullname, string? Description, string Connector, IntegrationEnvironmentsWire Environments,
    JsonArray? Mappings,
    JsonArray? AdditionalMappings, IReadOnlyList<OperationScheduleRequest>? ScheduledOperations);

internal sealed record IntegrationEnvironmentsWire(IReadOnlyList<string>? Test, IReadOnlyList<string>? Prod);

/// <summary><c>IntegrationPoint</c>.</summary>
internal sealed record IntegrationPointWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public string? Description { get; init; }

    public required string Connector { get; init; }

    public required IntegrationEnvironmentsWire Environments { get; init; }

    public JsonNode? Mappings { get; init; }

    public JsonNode? AdditionalMappings { get; init; }

    public JsonNode? ScheduledOperations { get; init; }

    public static IntegrationPointWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.IntegrationPoint);
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            Fullname = resource.FullName,
            Description = content.Description,
            Connector = content.Connector,
            Environments = new(content.TestProviders, content.ProdProviders),
            Mappings = IntegrationFieldReader.Parse(content.Mappings),
            AdditionalMappings = IntegrationFieldReader.Parse(content.AdditionalMappings),
            ScheduledOperations = IntegrationFieldReader.Parse(content.ScheduledOperations),
        };
    }
}
