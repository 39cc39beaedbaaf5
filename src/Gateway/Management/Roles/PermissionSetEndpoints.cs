using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management.Roles;

/// <summary><c>/v1/permissionsets</c>: the built-in sets and what each allows.</summary>
internal static class PermissionSetEndpoints
{
    public static void MapPermissionSets(this RouteGroupBuilder v1)
    {
        var sets = v1.MapResource("/permissionsets", "permission sets");
        sets.MapGet("", List).Needs("permission_set:list").WithName("permissionset_list");
        sets.MapGet("/{permissionsetId}", Get).Needs("permission_set:get").WithName("permissionset_get");
    }

    private static JsonList<ListEnvelope<PermissionSetWire>> List() =>
        new(new([.. PermissionSets.Names.Select(PermissionSetWire.Of)]), RoleJson.Wire.ListEnvelopePermissionSetWire);

    private static Results<JsonOk<Envelope<PermissionSetWire>>, Refusal> Get(string permissionsetId) =>
        PermissionSets.Exists(permissionsetId)
        ? new JsonOk<Envelope<PermissionSetWire>>(
            new(PermissionSetWire.Of(permissionsetId)), RoleJson.Wire.EnvelopePermissionSetWire)
        : Problems.NotFound("permission_set", permissionsetId);
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
        PermissionSets.ActionsOf(name).Names()
            .GroupBy(action => action[..action.IndexOf(':')], action => action[(action.IndexOf(':') + 1)..])
            .ToDictionary(api => api.Key, api => new PermittedActionsWire([.. api])));
}

internal sealed record PermittedActionsWire(IReadOnlyList<string> Actions);
