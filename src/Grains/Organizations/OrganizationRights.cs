using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Organizations;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// What a caller may do with organizations. The operator's own code has no caller and may do everything.
/// </summary>
internal static class OrganizationRights
{
    /// <summary>
    /// The first administrator of a new organization may do everything in it, so its maker has to be allowed to.
    /// </summary>
    public static bool MayCreate(Caller? caller, OrganizationId id)
    {
        var itself = new Resources { OrganizationIds = Selection.Of(id.ToString()) };
        return caller is null || Grant.Of(PermissionSets.Administrator, itself).IsWithin(caller.Grant);
    }

    /// <summary>Only from the organization that made it.</summary>
    public static bool MayDelete(Caller? caller, OrganizationId id, OrganizationState? current) => caller is null
        || (caller.OrganizationId == current?.ParentId && caller.Grant.Addresses.IsAnywhere
            && caller.Grant.Covers("suborgs:delete", new ResourceTarget(id.ToString())));

    /// <summary>
    /// Why a caller may not change the organization; null where it may. Grants that are whole in it change it.
    /// </summary>
    public static ResourceRefusal? RefusalOf(Caller? caller, OrganizationId id)
    {
        if (caller is null)
        {
            return null;
        }

        if (caller.OrganizationId != id)
        {
            return ResourceRefusal.NotFound;
        }

        return caller.Grant.IsWholeIn(id.ToString(), "organizations:update", "organizations:patch")
            ? null
            : ResourceRefusal.BeyondGrant;
    }
}
