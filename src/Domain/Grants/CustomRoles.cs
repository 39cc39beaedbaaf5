using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Grants;

/// <summary>The roles that an organization makes for itself.</summary>
public static class CustomRoles
{
    /// <summary>
    /// What such a role allows. It reaches no further than its organization, but for one of a root organization that
    /// names others.
    /// </summary>
    public static Grant GrantOf(string permissionSet, Resources? resources, OrganizationId organization, bool isRoot)
    {
        var asked = resources ?? Resources.All;
        var own = new Resources { OrganizationIds = Selection.Of(organization.ToString()) };
        return Grant.Of(permissionSet, isRoot && !asked.OrganizationIds.IsAll ? asked : asked.Intersect(own));
    }
}
