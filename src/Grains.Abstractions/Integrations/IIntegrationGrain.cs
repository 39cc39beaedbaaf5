using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Integrations;

/// <summary>What an integration is. Secrets stand in credentials, which its configuration refers to.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationContent")]
public sealed record IntegrationContent
{
    /// <summary>Its account.</summary>
    [Id(0)] public required Guid AccountId { get; init; }

    /// <summary>Its default token.</summary>
    [Id(1)] public required TokenId RefreshTokenId { get; init; }

    /// <summary>Category of connectors, such as <c>ticketing</c>.</summary>
    [Id(2)] public required string Category { get; init; }

    /// <summary>Variant of the configuration, such as <c>ticketing_jira</c>.</summary>
    [Id(3)] public required string ProviderType { get; init; }

    /// <summary>The configuration as a JSON object, without secrets.</summary>
    [Id(4)] public required string ProviderConfig { get; init; }

    /// <summary>The integration point that it was made from.</summary>
    [Id(5)] public Guid? IntegrationPointId { get; init; }

    /// <summary>Which bridge to use, as JSON.</summary>
    [Id(6)] public string? BridgeSelector { get; init; }

    /// <summary>Where webhooks go, as JSON without keys.</summary>
    [Id(7)] public string? WebhookConfig { get; init; }

    /// <summary>Mapping chains as a JSON array.</summary>
    [Id(8)] public string? Mappings { get; init; }

    /// <summary>Additional mappings as a JSON array.</summary>
    [Id(9)] public string? AdditionalMappings { get; init; }

    /// <summary>Scheduled operations as a JSON array.</summary>
    [Id(10)] public string? ScheduledOperations { get; init; }
}

/// <summary>One integration of an account with a provider. Its tokens and credentials go with it.</summary>
[Alias("TokenActors.IIntegrationGrain")]
public interface IIntegrationGrain : IResourceGrain;
