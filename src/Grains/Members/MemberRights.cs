using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
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

    /// <summary>
    /// Members belong to the organization as a whole: a narrowed caller changes none, and nor does one that is bound to
    /// addresses, since a member logs on from anywhere.
    /// </summary>
    /// <param name="caller">who asks; null for the operator's own code</param>
    /// <param name="organization">the member's organization</param>
    /// <param name="actions">any of them is needed</param>
    public static bool MayChange(Caller? caller, OrganizationId organization, params string[] actions) =>
        caller is null
            || (caller.Grant.Addresses.IsAnywhere && caller.Grant.IsWholeIn(organization.ToString(), actions));

    /// <summary>Whether a caller sees a member: itself, those that may do no more than the caller, or all.</summary>
    public static bool Shows(Caller caller, string action, MemberState member, Grant roles) =>
        caller.OrganizationId == member.OrganizationId
        && caller.Grant.From(AddressRanges.Anywhere).Covers(action, new ResourceTarget(member.OrganizationId.ToString())
        {
            IsOwn = caller.MemberId == member.Id,
            Power = roles,
        });

    /// <summary>
    /// The roles that a member is to have, as references, or why a caller may not bind them. A name is that of a role
    /// today. One that no role has any more may stay where it was bound: the member can be changed all the same.
    /// </summary>
    /// <param name="wanted">names of roles</param>
    /// <param name="bound">as it is; none for a new member</param>
    /// <param name="caller">who asks</param>
    /// <param name="organization">the member's organization</param>
    /// <param name="cancellationToken">ends the question</param>
    public static async Task<(ImmutableArray<string> Roles, MemberAnswer? Refusal)> Bind(
        ImmutableArray<string> wanted,
        ImmutableArray<string> bound,
        Caller? caller,
        IOrganizationGrain organization,
        CancellationToken cancellationToken)
    {
        if (caller is not null && wanted.Length > Resources.MostNames)
        {
            return ([], new MemberAnswer { Refusal = ResourceRefusal.TooManyItems });
        }

        var resolved = await organization.ResolveRoles(wanted, cancellationToken);

        // A silo of before there were ids binds by name.
        var found = resolved.Bound.Length == wanted.Length ? resolved.Bound : wanted;
        ImmutableArray<string> roles =
            [.. RoleReference.Keep(found, resolved.Unknown, bound).Distinct(StringComparer.Ordinal)];
        if (caller is null)
        {
            return (roles, null);
        }

        ImmutableArray<string> unknown = [.. resolved.Unknown.Except(RoleReference.NamesOf(bound))];
        return (roles, unknown.Length > 0
            ? new MemberAnswer { Refusal = ResourceRefusal.InvalidReference, Details = unknown }
            : BeyondGrant(resolved, caller));
    }

    /// <summary>
    /// Why a caller may not change or delete a member as it is; null where it may. A role that is deleted since it was
    /// bound gives nothing.
    /// </summary>
    public static async Task<MemberAnswer?> RefusalOf(
        MemberState member,
        Caller? caller,
        IOrganizationGrain organization,
        CancellationToken cancellationToken) =>
        caller is null
            ? null
            : BeyondGrant(await organization.ResolveRoles(member.RoleBinding, cancellationToken), caller);

    private static MemberAnswer? BeyondGrant(ResolvedRoles roles, Caller caller) =>
        roles.Grant.IsWithin(caller.Grant) ? null : new MemberAnswer { Refusal = ResourceRefusal.BeyondGrant };
}
