using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.LocalReads;

/// <summary>
/// The roles of one organization, as its authority knows them. Not safe for several threads: the authority's lock is
/// held around every call.
/// </summary>
internal sealed class KnownRoles
{
    private readonly Dictionary<Guid, RoleEntry> _roles = [];

    private sealed record RoleEntry(string Name, RoleContent? Content, long Version);

    /// <summary>Notes a role as of a version; a null content is a deleted role. False for an older version.</summary>
    public bool Note(Guid role, string name, RoleContent? content, long version)
    {
        if (_roles.TryGetValue(role, out var known) && known.Version > version)
        {
            return false;
        }

        _roles[role] = new(name, content, version);
        return true;
    }

    /// <summary>What those that exist are called now.</summary>
    public ImmutableArray<string> NamesOf(OrganizationState organization, ImmutableArray<string> roles) =>
    [
        .. roles.Where(role => GrantOf(organization, role) is not null)
            .Select(role => RoleReference.IdOf(role) is { } id ? _roles[id].Name : role),
    ];

    /// <summary>Those that do not exist.</summary>
    public ImmutableArray<string> Unknown(OrganizationState organization, ImmutableArray<string> roles) =>
        [.. roles.Distinct(StringComparer.Ordinal).Where(role => GrantOf(organization, role) is null)];

    /// <summary>
    /// What a set of roles allows: the built-in ones by name, and those of the organization by id, or by name where
    /// they were bound before there were ids. One that does not exist allows nothing.
    /// </summary>
    public Grant Resolve(OrganizationState organization, ImmutableArray<string> roles) => new(
    [
        .. roles.Distinct(StringComparer.Ordinal)
            .Select(role => GrantOf(organization, role)).OfType<Grant>()
            .SelectMany(grant => grant.Clauses).Distinct(),
    ]);

    private Grant? GrantOf(OrganizationState organization, string role)
    {
        var isRoot = organization.Type == OrganizationType.Root;
        var id = RoleReference.IdOf(role);
        if (OwnRole(role, id)?.Content is { } content)
        {
            return CustomRoles.GrantOf(content.PermissionSet, content.Resources, organization.Id, isRoot);
        }

        return id is null ? BuiltinRoles.GrantOf(role, organization.Id, isRoot) : null;
    }

    /// <summary>A reference that is unknown is no name, and a built-in role's name is no own role's.</summary>
    private RoleEntry? OwnRole(string role, Guid? id)
    {
        if (id is { } known)
        {
            return _roles.GetValueOrDefault(known);
        }

        return IsBuiltin(role) ? null : Named(role)?.Role;
    }

    /// <summary>
    /// Names become references to the roles that bear them now; what is a reference stays one, under the name that its
    /// role has now.
    /// </summary>
    public ImmutableArray<string> Bind(ImmutableArray<string> roles) => [.. roles.Select(Rebind)];

    private string Rebind(string role) => RoleReference.IdOf(role) switch
    {
        { } id => _roles.GetValueOrDefault(id) is { Content: not null, Name: var name } ? RoleReference.Of(name, id) : role,
        null => IsBuiltin(role) ? role : Bind(role),
    };

    /// <summary>
    /// The organization's own first: one from before built-in names were found in any letter case may be called
    /// <c>Viewer</c>, and is no other role for it.
    /// </summary>
    private string Bind(string name) =>
        Named(name) is var (id, _) ? RoleReference.Of(name, id) : BuiltinRoles.Named(name) ?? name;

    /// <summary>In its own letters.</summary>
    private static bool IsBuiltin(string name) => BuiltinRoles.Named(name) == name;

    private (Guid Id, RoleEntry Role)? Named(string name)
    {
        foreach (var (id, role) in _roles)
        {
            if (role.Content is not null && role.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return (id, role);
            }
        }

        return null;
    }
}
