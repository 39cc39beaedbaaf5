using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Roles;

/// <summary><c>/v1/permissionsets</c>: the built-in sets and what each allows.</summary>
internal static class PermissionSetEndpoints
{
    public static void Map(RouteGroupBuilder v1)
    {
        var sets = v1.MapResource("/permissionsets", "permission sets");
        sets.MapGet("", List).Needs("permission_set:list").WithName("permissionset_list").Produces<ListEnvelope<PermissionSetWire>>();
        sets.MapGet("/{permissionsetId}", Get).Needs("permission_set:get").WithName("permissionset_get").Produces<Envelope<PermissionSetWire>>();
    }

    private static IResult List() => TypedResults.Json(
        new ListEnvelope<PermissionSetWire>([.. PermissionSets.Names.Select(PermissionSetWire.Of)]), RoleJson.Wire.ListEnvelopePermissionSetWire);

    private static IResult Get(HttpContext http, string permissionsetId) => PermissionSets.Exists(permissionsetId)
        ? TypedResults.Json(new Envelope<PermissionSetWire>(PermissionSetWire.Of(permissionsetId)), RoleJson.Wire.EnvelopePermissionSetWire)
        : ProblemResults.NotFound(http, "permission_set", permissionsetId);
}

/// <summary><c>PermissionSet</c>.</summary>
internal sealed record PermissionSetWire(
    string Name, string Description, IReadOnlyList<string> ResourceRestrictions, IReadOnlyDictionary<string, PermittedActionsWire> Permissions)
{
    private static readonly string[] Restrictions = ["accounts", "integrations"];

    public static PermissionSetWire Of(string name) => new(
        name,
        PermissionSets.DescriptionOf(name),
        Restrictions,
        PermissionSets.ActionsOf(name).Names().GroupBy(action => action[..action.IndexOf(':')], action => action[(action.IndexOf(':') + 1)..])
            .ToDictionary(api => api.Key, api => new PermittedActionsWire([.. api])));
}

internal sealed record PermittedActionsWire(IReadOnlyList<string> Actions);
