using System.Text.Json.Nodes;
using TokenActors.Domain.Integrations;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Accounts;
using TokenActors.Gateway.Management.Credentials;
using TokenActors.Gateway.Management.IntegrationPoints;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary>Body of create. <c>provider_config</c> is a union on <c>type</c>.</summary>
internal sealed record CreateIntegrationRequest(
    string? Name, string? Fullname, JsonObject ProviderConfig, string? IntegrationPointId, JsonObject? BridgeSelector,
    JsonObject? WebhookConfig,
    JsonArray? Mappings, JsonArray? AdditionalMappings, IReadOnlyList<OperationScheduleRequest>? ScheduledOperations)
{
    public override string ToString() => $"creation of an integration {Name}";
}

/// <summary>Body of verify.</summary>
internal sealed record VerifyIntegrationRequest(CreateIntegrationRequest Integration)
{
    /// <summary>
    /// The integration that is to be verified. Null where something is wrong, which then stands in the fields' errors.
    /// </summary>
    public static IntegrationBody? Read(JsonFields fields)
    {
        IntegrationBody? body = null;
        if (fields.Object("integration", required: true) is { } integration)
        {
            integration.Text("name");
            integration.Text("fullname");
            body = IntegrationBody.Read(integration, current: null, _ => []);
            integration.RefuseUnknown();
        }

        fields.RefuseUnknown();
        return fields.Errors.Count > 0 ? null : body;
    }
}

/// <summary>Warnings that did not stop a call.</summary>
internal sealed record IntegrationMessages(IReadOnlyList<Problem>? Problems);

internal sealed record VerifiedIntegration(IntegrationMessages? Messages);

/// <summary><c>CreateIntegrationResponseResult</c>.</summary>
internal sealed record CreatedIntegration(
    IReadOnlyList<CredentialWire>? CredentialsCreated, IntegrationWire Integration, TokenPairWire Token);

/// <summary>The answer to update and patch: credentials that came with it stand beside the result.</summary>
internal sealed record UpdatedIntegration(IntegrationWire Result, IReadOnlyList<CredentialWire>? CredentialsCreated);

/// <summary><c>Integration</c>.</summary>
internal sealed record IntegrationWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public required string RefreshTokenId { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Only where it is asked for.</summary>
    public AccountWire? Account { get; init; }

    public required string Category { get; init; }

    public required JsonNode ProviderConfig { get; init; }

    public required string ProviderFullname { get; init; }

    public required string ProviderType { get; init; }

    public string? IntegrationPointId { get; init; }

    /// <summary>Only where it is asked for.</summary>
    public IntegrationPointWire? IntegrationPoint { get; init; }

    public JsonNode? BridgeSelector { get; init; }

    public JsonNode? WebhookConfig { get; init; }

    public JsonNode? Mappings { get; init; }

    public JsonNode? AdditionalMappings { get; init; }

    public JsonNode? ScheduledOperations { get; init; }

    public static IntegrationWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.Integration);
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            Fullname = resource.FullName,
            RefreshTokenId = content.RefreshTokenId.ToString(),
            AccountId = content.AccountId.ToString(),
            Category = content.Category,
            ProviderConfig = ShownConfigs.Of(content.ProviderType, content.ProviderConfig),
            ProviderFullname = ProviderCatalog.Find(content.ProviderType)?.FullName ?? content.ProviderType,
            ProviderType = content.ProviderType,
            IntegrationPointId = content.IntegrationPointId?.ToString(),
            BridgeSelector = IntegrationFieldReader.Parse(content.BridgeSelector),
            WebhookConfig = IntegrationFieldReader.Parse(content.WebhookConfig),
            Mappings = IntegrationFieldReader.Parse(content.Mappings),
            AdditionalMappings = IntegrationFieldReader.Parse(content.AdditionalMappings),
            ScheduledOperations = IntegrationFieldReader.Parse(content.ScheduledOperations),
        };
    }
}
