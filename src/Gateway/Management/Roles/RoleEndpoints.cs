using System.Text.Json.Serialization.Metadata;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Tokens;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Roles;

namespace TokenActors.Gateway.Management.Roles;

/// <summary><c>/v1/roles</c>: the roles that an organization made. The built-in ones are not among them, and their names are taken.</summary>
internal sealed class RoleEndpoints(IGrainFactory grains, TimeProvider time)
    : ResourceEndpoints<IRoleGrain, RoleWire>("role", ResourceLists.Roles, grains, time)
{
    private const int LongestDescription = 1024;

    protected override JsonTypeInfo<RoleWire> WireType => RoleJson.Wire.RoleWire;

    protected override JsonTypeInfo<Envelope<RoleWire>> OneType => RoleJson.Wire.EnvelopeRoleWire;

    protected override JsonTypeInfo<ListEnvelope<RoleWire>> ListType => RoleJson.Wire.ListEnvelopeRoleWire;

    protected override bool Counts => false;

    protected override IReadOnlyCollection<string> ReservedNames => BuiltinRoles.Names;

    public static void Map(RouteGroupBuilder v1) => v1.MapResource("/roles", "roles")
        .MapCrud<RoleEndpoints, IRoleGrain, RoleWire, CreateRoleRequest, RoleWire>("roles", "roles", "roleId", counts: false);

    protected override RoleWire ToWire(Resource resource) => RoleWire.From(resource);

    protected override ResourceInput? ReadContent(HttpContext http, JsonFields fields, Resource? current)
    {
        var description = fields.Text("description", longest: LongestDescription);
        var resources = fields.Object("resources") is { } r ? ResourcesWire.Read(r).ToRequest().InheritFrom(Resources.All) : null;
        var set = fields.Text("permission_set", required: true);
        if (set is not null && !PermissionSets.Exists(set))
        {
            fields.Reject("permission_set", $"must be one of {string.Join(", ", PermissionSets.Names)}");
        }

        return set is null ? null : new ResourceContent { Role = new RoleContent { Description = description, PermissionSet = set, Resources = resources } };
    }
}

/// <summary>Body of create.</summary>
internal sealed record CreateRoleRequest(string? Name, string? Fullname, string? Description, ResourcesWire? Resources, string PermissionSet);

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

    public static RoleWire From(Resource resource) => new()
    {
        Name = resource.Name,
        CreatedAt = resource.CreatedAt,
        UpdatedAt = resource.UpdatedAt,
        Id = resource.Id.ToString(),
        Fullname = resource.FullName,
        Description = resource.Content.Role!.Description,
        Resources = resource.Content.Role.Resources is { } resources ? ResourcesWire.From(resources) : null,
        PermissionSet = resource.Content.Role.PermissionSet,
    };
}
