using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Grains.Members;

/// <summary>
/// What a caller may make of a member: no roles that give more than the caller has, neither before a change nor after
/// it.
/// </summary>
internal static class MemberRights
{
    /// <summary>Whether a member can administer its organization; null is one that is deleted.</summary>
    public static bool Administers(MemberState? state) => state is { DeletedAt: null, Stands: true }
        && state.RoleBinding.Any(role => role is BuiltinRoles.Administrator or BuiltinRoles.RootAdministrator);

    /// <summary>Why a caller may not bind these roles to a new member; null where it may.</summary>
    public static async Task<MemberAnswer?> RefusalOf(
        ImmutableArray<string> roles,
        Caller caller,
        IOrganizationGrain organization,
        CancellationToken cancellationToken)
    {
        var resolved = await organization.ResolveRoles(roles, cancellationToken);
        return resolved.Unknown.Length > 0
            ? new MemberAnswer { Refusal = ResourceRefusal.InvalidReference, Details = resolved.Unknown }
            : BeyondGrant(resolved, caller);
    }

    /// <summary>
    /// Why a caller may not delete a member; null where it may. A role that is deleted since it was bound gives
    /// nothing.
    /// </summary>
    public static async Task<MemberAnswer?> RefusalOf(
        MemberState member,
        Caller? caller,
        IOrganizationGrain organization,
        CancellationToken cancellationToken) =>
        caller is null
            ? null
            : BeyondGrant(await organization.ResolveRoles(member.RoleBinding, cancellationToken), caller);

    /// <summary>Why a caller may not change a member; null where it may.</summary>
    public static async Task<MemberAnswer?> RefusalOf(
        MemberState before,
        MemberState after,
        Caller? caller,
        IOrganizationGrain organization,
        CancellationToken cancellationToken)
    {
        if (caller is null)
        {
            return null;
        }

        return await RefusalOf(before, caller, organization, cancellationToken)
            ?? await RefusalOf(after.RoleBinding, caller, organization, cancellationToken);
    }

    private static MemberAnswer? BeyondGrant(ResolvedRoles roles, Caller caller) =>
        roles.Grant.IsWithin(caller.Grant) ? null : new MemberAnswer { Refusal = ResourceRefusal.BeyondGrant };
}
