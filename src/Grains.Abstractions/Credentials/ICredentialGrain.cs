using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Abstractions.Credentials;

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

/// <summary>One credential for a provider. Its secret is encrypted where it is stored, and no list or answer carries it.</summary>
[Alias("TokenActors.ICredentialGrain")]
public interface ICredentialGrain : IResourceGrain
{
    /// <summary>
    /// The secret's configuration as JSON, for the operator's own code that talks to the provider; audited. Null where there is none, and to
    /// any caller.
    /// </summary>
    [Alias("Open")]
    Task<ProtectedText?> Open(CallContext context);

    /// <summary>Encrypts its key anew under the server key in use. The grain asks it of itself; repeating changes nothing.</summary>
    [Alias("Rewrap")]
    Task Rewrap();
}
