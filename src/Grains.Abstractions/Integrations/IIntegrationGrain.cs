using System.Collections.Immutable;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Abstractions.Integrations;

/// <summary>
/// A credential that stood inline in an integration's configuration, which refers to it by <see cref="Id"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("TokenActors.InlineCredential")]
public sealed record InlineCredential
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>Display name.</summary>
    [Id(1)] public required string FullName { get; init; }

    /// <summary>Variant of a credential's configuration.</summary>
    [Id(2)] public required string Type { get; init; }

    /// <summary>The secret part, which is encrypted where it is stored.</summary>
    [Id(3)] public required ProtectedText Secret { get; init; }
}

/// <summary>
/// Makes an integration with its credentials and its default token; the grain's key is the integration's id.
/// </summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionIntegration")]
public sealed record ProvisionIntegration
{
    /// <summary>The integration. Its command id, caller and idempotency are those of the whole.</summary>
    [Id(0)] public required CreateResource Integration { get; init; }

    /// <summary>Credentials that are made with it and go with it.</summary>
    [Id(1)] public ImmutableArray<InlineCredential> Credentials { get; init; } = [];

    /// <summary>The default token, under the id that the content names.</summary>
    [Id(2)] public required IssueToken Token { get; init; }
}

/// <summary>Replaces an integration, with credentials that its new configuration holds inline.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReplaceIntegration")]
public sealed record ReplaceIntegration
{
    /// <summary>What the integration is to be.</summary>
    [Id(0)] public required UpdateResource Integration { get; init; }

    /// <summary>Credentials that are made with the change.</summary>
    [Id(1)] public ImmutableArray<InlineCredential> Credentials { get; init; } = [];
}

/// <summary>The answer to a command about an integration and what is made with it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ProvisionedIntegration")]
public sealed record ProvisionedIntegration
{
    /// <summary>The integration, or why it was refused.</summary>
    [Id(0)] public required ResourceAnswer Answer { get; init; }

    /// <summary>The credentials that were made.</summary>
    [Id(1)] public ImmutableArray<Resource> Credentials { get; init; } = [];

    /// <summary>The default token; null where it was not made by this call.</summary>
    [Id(2)] public TokenView? Token { get; init; }

    /// <summary>Why the default token was refused, and so everything; null where it was not.</summary>
    [Id(3)] public TokenRefusal? TokenRefusal { get; init; }
}

/// <summary>One integration of an account with a provider. Its tokens and credentials go with it.</summary>
[Alias("TokenActors.IIntegrationGrain")]
public interface IIntegrationGrain : IResourceGrain
{
    /// <summary>
    /// Creates the integration, its credentials and its default token: all of it or nothing. Refused: as
    /// <see cref="IResourceGrain.Create"/>. Repeated under the same idempotency key, the answer names the
    /// integration; the token's grain has the secrets.
    /// </summary>
    [Alias("Provision")]
    Task<ProvisionedIntegration> Provision(ProvisionIntegration command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the integration and makes credentials with it: all of it or nothing. Refused: as
    /// <see cref="IResourceGrain.Update"/>.
    /// </summary>
    [Alias("ReplaceWithCredentials")]
    Task<ProvisionedIntegration> ReplaceWithCredentials(
        ReplaceIntegration command, CancellationToken cancellationToken = default);
}
