using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Grants;

/// <summary>
/// The roles that exist in every organization. A role is a permission set with resources, bound to members by name.
/// </summary>
public static class BuiltinRoles
{
    public const string RootAdministrator = "root_administrator";
    public const string Administrator = "administrator";
    public const string Viewer = "viewer";
    public const string Member = "member";

    public static IReadOnlyList<string> Names { get; } = [RootAdministrator, Administrator, Viewer, Member];

    /// <summary>The built-in role of a name, which compares without regard to case; null for another name.</summary>
    public static string? Named(string name) =>
        Names.FirstOrDefault(role => role.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The grant of a built-in role in an organization, or null for another name. All but <c>root_administrator</c>
    /// (which exists in a root organization only, and reaches its sub-organizations) are limited to the organization
    /// itself.
    /// </summary>
    public static Grant? GrantOf(string role, OrganizationId organization, bool isRoot)
    {
        var own = new Resources { OrganizationIds = Selection.Of(organization.ToString()) };
        return Named(role) switch
        {
            RootAdministrator when isRoot => Grant.Of(PermissionSets.Administrator, Resources.All),
            Administrator => Grant.Of(PermissionSets.Administrator, own),
            Viewer => Grant.Of(PermissionSets.Viewer, own),
            Member => Grant.Of(PermissionSets.Member, own),
            _ => null,
        };
    }
}
