using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Webhooks;

/// <summary>Body of create.</summary>
internal sealed record CreateWebhookRequest(
    string? Name, string? Fullname, string? Environment, IReadOnlyList<string> Filters, string Url, WebhookSecretRequest Secret)
{
    public override string ToString() => $"creation of a webhook {Name}";
}

/// <summary><c>OrganizationWebhookSecret</c>.</summary>
internal sealed record WebhookSecretRequest(string Value, DateTimeOffset? Expires)
{
    public override string ToString() => "(protected)";
}

/// <summary><c>OrganizationWebhook</c>.</summary>
internal sealed record WebhookWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public required string Environment { get; init; }

    public required IReadOnlyList<string> Filters { get; init; }

    public required string Url { get; init; }

    public required string CredentialId { get; init; }

    public static WebhookWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.Webhook);
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            Fullname = resource.FullName,
            Environment = content.Environment ?? "prod",
            Filters = content.Filters,
            Url = content.Address,
            CredentialId = content.CredentialId?.ToString() ?? "",
        };
    }
}
