using System.Text.Json.Nodes;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Mappings;

/// <summary>Body of create. <c>data</c> is the text of the transform.</summary>
internal sealed record CreateMappingRequest(string? Name, string? Fullname, string Data);

internal sealed record CreatedMapping(MappingWire Mapping);

/// <summary><c>ApplyMappingResponseResult</c>: what the last mapping of the chain has made.</summary>
internal sealed record AppliedMapping(JsonObject Mapping);

/// <summary><c>MappingBase</c>: a mapping as lists show it.</summary>
internal sealed record MappingBaseWire(
    string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string Id, string Fullname, string OrganizationId)
{
    public static MappingBaseWire From(Resource resource) => new(
        resource.Name,
        resource.CreatedAt,
        resource.UpdatedAt,
        resource.Id.ToString(),
        resource.FullName,
        resource.OrganizationId.ToString());
}

/// <summary><c>Mapping</c>.</summary>
internal sealed record MappingWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public required string OrganizationId { get; init; }

    public required string Data { get; init; }

    public static MappingWire From(Resource resource) => new()
    {
        Name = resource.Name,
        CreatedAt = resource.CreatedAt,
        UpdatedAt = resource.UpdatedAt,
        Id = resource.Id.ToString(),
        Fullname = resource.FullName,
        OrganizationId = resource.OrganizationId.ToString(),
        Data = ResourceFields.Of(resource.Content.Mapping).Data,
    };
}
