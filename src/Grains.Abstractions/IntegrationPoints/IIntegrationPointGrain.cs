using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.IntegrationPoints;

/// <summary>What an integration point is: which providers of a connector an organization offers.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationPointContent")]
public sealed record IntegrationPointContent
{
    /// <summary>Free text.</summary>
    [Id(0)] public string? Description { get; init; }

    /// <summary>Category of connectors, such as <c>ticketing</c>.</summary>
    [Id(1)] public required string Connector { get; init; }

    /// <summary>Providers allowed in test accounts; null: not said.</summary>
    [Id(2)] public ImmutableArray<string>? TestProviders { get; init; }

    /// <summary>Providers allowed in prod accounts; null: not said.</summary>
    [Id(3)] public ImmutableArray<string>? ProdProviders { get; init; }

    /// <summary>Mapping chains as a JSON array.</summary>
    [Id(4)] public string? Mappings { get; init; }

    /// <summary>Additional mappings as a JSON array.</summary>
    [Id(5)] public string? AdditionalMappings { get; init; }

    /// <summary>Scheduled operations as a JSON array.</summary>
    [Id(6)] public string? ScheduledOperations { get; init; }
}

/// <summary>One integration point. It belongs to the organization, not to an account.</summary>
[Alias("TokenActors.IIntegrationPointGrain")]
public interface IIntegrationPointGrain : IResourceGrain;
