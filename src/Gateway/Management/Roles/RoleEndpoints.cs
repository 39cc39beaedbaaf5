using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;

namespace TokenActors.Gateway.Management.Roles;

/// <summary>
/// <c>/v1/roles</c>: the roles that an organization made. The built-in ones are not among them, and their names are
/// taken.
/// </summary>
internal sealed class RoleKind : IResourceKind<RoleWire>
{
    private const int LongestDescription = 1024;

    public static string Kind => "role";

    public static ListSchema Schema => ResourceLists.Roles;

    public static IReadOnlyCollection<string> ReservedNames => BuiltinRoles.Names;

    public static JsonTypeInfo<RoleWire> WireType => RoleJson.Wire.RoleWire;

    public static JsonTypeInfo<Envelope<RoleWire>> OneType => RoleJson.Wire.EnvelopeRoleWire;

    public static JsonTypeInfo<ListEnvelope<RoleWire>> ListType => RoleJson.Wire.ListEnvelopeRoleWire;

    public static RoleWire ToWire(Resource resource) => RoleWire.From(resource);

    public static ResourceInput? ReadContent(JsonFields fields, Resource? current)
    {
        var description = fields.Text("description", longest: LongestDescription);
        var resources = fields.Object("resources") is { } r
            ? ResourcesWire.Read(r).ToRequest().InheritFrom(Resources.All)
            : null;
        var set = SharedFields.PermissionSet(fields);
        return set is null
            ? null
            : new ResourceInput(new ResourceContent { Role = new RoleContent { Description = description, PermissionSet = set, Resources = resources } });
    }
}

internal static class RoleEndpoints
{
    public static void MapRoles(this RouteGroupBuilder v1) =>
        v1.MapResource("/roles", "roles").CanBePreviewed()
            .MapCrud<RoleKind, IRoleGrain, RoleWire>("roles", "roles", "roleId", Create);

    private static async Task<Results<JsonCreated<Envelope<RoleWire>>, Refusal>> Create(
        ApiRequest request, ObjectBody<CreateRoleRequest> body, IGrainFactory grains, TimeProvider time)
    {
        var role = await ResourceHandlers<RoleKind, IRoleGrain, RoleWire>.Create(request, body.Fields, grains, time);
        return role.IsSuccess
            ? new JsonCreated<Envelope<RoleWire>>(new(RoleWire.From(role.Value)), RoleJson.Wire.EnvelopeRoleWire)
            : role.Refusal;
    }
}

/// <summary>Body of create.</summary>
internal sealed record CreateRoleRequest(
    string? Name, string? Fullname, string? Description, ResourcesWire? Resources, string PermissionSet);

/// <summary><c>RoleDefinition</c>.</summary>
internal sealed record RoleWire
{
    public required string Name { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string Id { get; init; }

    public required string Fullname { get; init; }

    public string? Description { get; init; }

    public ResourcesWire? Resources { get; init; }

    public required string PermissionSet { get; init; }

    public static RoleWire From(Resource resource)
    {
        var content = ResourceFields.Of(resource.Content.Role);
        return new()
        {
            Name = resource.Name,
            CreatedAt = resource.CreatedAt,
            UpdatedAt = resource.UpdatedAt,
            Id = resource.Id.ToString(),
            Fullname = resource.FullName,
            Description = content.Description,
            Resources = content.Resources is { } resources ? ResourcesWire.From(resources) : null,
            PermissionSet = content.PermissionSet,
        };
    }
}
