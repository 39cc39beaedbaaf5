using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.ResourceModel;

/// <summary>What an account is.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AccountContent")]
public sealed record AccountContent
{
    /// <summary><c>test</c> or <c>prod</c>.</summary>
    [Id(0)] public required string Environment { get; init; }

    /// <summary>Roles and tokens can be limited to accounts that bear one of some labels.</summary>
    [Id(1)] public ImmutableArray<string> Labels { get; init; } = [];
}

/// <summary>What a role allows.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RoleContent")]
public sealed record RoleContent
{
    /// <summary>Free text.</summary>
    [Id(0)] public string? Description { get; init; }

    /// <summary>Name of one of <see cref="PermissionSets"/>.</summary>
    [Id(1)] public required string PermissionSet { get; init; }

    /// <summary>What it is narrowed to. Null: not narrowed within the organization.</summary>
    [Id(2)] public Resources? Resources { get; init; }
}

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

    /// <summary>Whether accounts of an environment may have a provider here. What is not named is not
    /// allowed.</summary>
    /// <param name="providerType">such as <c>ticketing_jira</c></param>
    /// <param name="environment"><c>test</c> or <c>prod</c></param>
    public bool Offers(string providerType, string environment) =>
        (environment == "test" ? TestProviders : ProdProviders) is { } types
        && (types.Contains("*") || types.Contains(providerType));
}

/// <summary>What a credential hangs on.</summary>
[GenerateSerializer, Alias("TokenActors.CredentialOwner")]
public enum CredentialOwner
{
    /// <summary>An account: integrations of the account may share it.</summary>
    Account,

    /// <summary>One integration.</summary>
    Integration,

    /// <summary>An integration point.</summary>
    IntegrationPoint,

    /// <summary>A webhook of the organization.</summary>
    Webhook,
}

/// <summary>What a credential is, apart from its secret.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CredentialContent")]
public sealed record CredentialContent
{
    /// <summary>What it hangs on.</summary>
    [Id(0)] public required CredentialOwner OwnerType { get; init; }

    /// <summary>Id of what it hangs on.</summary>
    [Id(1)] public required Guid OwnerId { get; init; }

    /// <summary>Form of its secret, such as <c>basic</c>; null: it has none yet.</summary>
    [Id(2)] public string? Type { get; init; }

    /// <summary>From then on it should not be used.</summary>
    [Id(3)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Its lifecycle follows that of its owner.</summary>
    [Id(4)] public bool Managed { get; init; }
}

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

/// <summary>What a bridge is: the agents that reach an account's network together.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.BridgeContent")]
public sealed record BridgeContent
{
    /// <summary>Its account.</summary>
    [Id(0)] public required Guid AccountId { get; init; }

    /// <summary>Free text.</summary>
    [Id(1)] public string? Description { get; init; }

    /// <summary>Integrations select bridges by them.</summary>
    [Id(2)] public ImmutableArray<string> Labels { get; init; } = [];
}

/// <summary>What a mapping is.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MappingContent")]
public sealed record MappingContent
{
    /// <summary>The text of its transform; empty in lists.</summary>
    [Id(0)] public required string Data { get; init; }
}
