using System.Text.Json.Nodes;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Credentials;

/// <summary>Body of create. <c>config</c> is a union on <c>type</c>.</summary>
internal sealed record CreateCredentialRequest(
    string? Name, string? Fullname, JsonObject? Config, string? OwnerType, DateTimeOffset? Expires)
{
    public override string ToString() => $"creation of a credential {Name}";
}

/// <summary>Body of update: a whole credential, its secret where that is to change.</summary>
internal sealed record UpdateCredentialRequest(
    string Name, string Fullname, JsonObject? Config, DateTimeOffset? Expires)
{
    public override string ToString() => $"update of the credential {Name}";
}

/// <summary>What answers say of a secret.</summary>
internal sealed record CredentialConfigWire(string Type);

/// <summary><c>CredentialResponse</c>.</summary>
internal sealed record CredentialWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public string? AccountId { get; init; }

    public string? IntegrationId { get; init; }

    public string? IntegrationPointId { get; init; }

    public string? OrganizationWebhookId { get; init; }

    public required string OwnerType { get; init; }

    public required string Fullname { get; init; }

    /// <summary>A credential that was made without a secret is a bare one.</summary>
    public required CredentialConfigWire Config { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public required string Managed { get; init; }

    public static CredentialWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.Credential);
        var owner = content.OwnerId.ToString();
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            AccountId = content.OwnerType == CredentialOwner.Account ? owner : null,
            IntegrationId = content.OwnerType == CredentialOwner.Integration ? owner : null,
            IntegrationPointId = content.OwnerType == CredentialOwner.IntegrationPoint ? owner : null,
            OrganizationWebhookId = content.OwnerType == CredentialOwner.Webhook ? owner : null,
            OwnerType = NameOf(content.OwnerType),
            Fullname = resource.FullName,
            Config = new(content.Type ?? "secret"),
            Expires = content.ExpiresAt,
            Managed = content.Managed ? "Managed" : "Unmanaged",
        };
    }

    public static string NameOf(CredentialOwner owner) => owner switch
    {
        CredentialOwner.Account => "account",
        CredentialOwner.Integration => "integration",
        CredentialOwner.IntegrationPoint => "integration_point",
        CredentialOwner.Webhook => "organization_webhook",
        _ => throw new ArgumentOutOfRangeException(nameof(owner), owner, null),
    };
}
