using System.Text.Json.Nodes;

namespace TokenActors.Client.Resources;

/// <summary>A customer, say, that integrations belong to.</summary>
public sealed record Account : Resource
{
    /// <summary><c>test</c> or <c>prod</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>Words to find and to narrow by.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}

/// <summary>An account that is to be made.</summary>
public sealed record NewAccount
{
    /// <summary>Unique in the organization; null: the service makes one.</summary>
    public string? Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Fullname { get; init; }

    /// <summary><c>test</c> or <c>prod</c>.</summary>
    public string? Environment { get; init; }

    /// <summary>Words to find and to narrow by.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
}

/// <summary>A connection to a provider, within an account.</summary>
public sealed record Integration : Resource
{
    /// <summary>Its account.</summary>
    public required string AccountId { get; init; }

    /// <summary>Its default token.</summary>
    public string? RefreshTokenId { get; init; }

    /// <summary>Of its provider.</summary>
    public string? Category { get; init; }

    /// <summary>The provider.</summary>
    public string? ProviderType { get; init; }

    /// <summary>The provider's name for people.</summary>
    public string? ProviderFullname { get; init; }

    /// <summary>How the provider is reached; secrets are named by their credentials.</summary>
    public JsonNode? ProviderConfig { get; init; }

    /// <summary>The point that it was made by.</summary>
    public string? IntegrationPointId { get; init; }
}

/// <summary>An integration that is to be made.</summary>
public sealed record NewIntegration
{
    /// <summary>Unique in the account; null: the service makes one.</summary>
    public string? Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Fullname { get; init; }

    /// <summary>How the provider is reached, with <c>type</c> and secrets.</summary>
    public required JsonObject ProviderConfig { get; init; }

    /// <summary>The point that it is made by.</summary>
    public string? IntegrationPointId { get; init; }
}

/// <summary>An integration that was made.</summary>
/// <param name="Integration">it</param>
/// <param name="Token">the secrets of its default token</param>
/// <param name="CredentialsCreated">what its secrets became</param>
public sealed record CreatedIntegration(
    Integration Integration, IssuedPair Token, IReadOnlyList<Credential>? CredentialsCreated);

/// <summary>Two new secrets of the Management API.</summary>
/// <param name="Access">what opens</param>
/// <param name="Refresh">what renews</param>
public sealed record IssuedPair(IssuedSecret Access, IssuedSecret? Refresh);

/// <summary>A new secret of the Management API, or one that is masked.</summary>
/// <param name="Secret">its text</param>
/// <param name="Expires">its end; a time of the far future where it has none</param>
public sealed record IssuedSecret(Secret Secret, DateTimeOffset Expires);

/// <summary>A secret of a provider, which never comes back.</summary>
public sealed record Credential : Resource
{
    /// <summary>What it hangs on: <c>account</c>, <c>integration</c> and so on.</summary>
    public required string OwnerType { get; init; }

    /// <summary>Its account.</summary>
    public string? AccountId { get; init; }

    /// <summary>Its integration.</summary>
    public string? IntegrationId { get; init; }

    /// <summary>What kind of secret it is.</summary>
    public CredentialKind? Config { get; init; }

    /// <summary>When the provider ends it.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Who keeps it.</summary>
    public string? Managed { get; init; }
}

/// <summary>What is told of a credential's secret.</summary>
/// <param name="Type">such as <c>token</c> or <c>basic</c></param>
public sealed record CredentialKind(string Type);

/// <summary>A credential that is to be made.</summary>
public sealed record NewCredential
{
    /// <summary>Unique in its owner; null: the service makes one.</summary>
    public string? Name { get; init; }

    /// <summary>Its name for people.</summary>
    public string? Fullname { get; init; }

    /// <summary>The secret, with <c>type</c>.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>What it hangs on, where the owner's id does not say it.</summary>
    public string? OwnerType { get; init; }

    /// <summary>When the provider ends it.</summary>
    public DateTimeOffset? Expires { get; init; }
}

internal sealed record CreatedAccount(Account Account);
