using TokenActors.Domain.Grants;
using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Grains.Members;

/// <summary>What may be shown of a member.</summary>
internal static class MemberViews
{
    /// <summary>With the roles under the names that they have now; one that is deleted is shown no more.</summary>
    public static async Task<MemberView> WithPresentRoles(
        MemberView member, IOrganizationGrain organization, CancellationToken cancellationToken)
    {
        if (member.RoleReferences.All(role => RoleReference.IdOf(role) is null))
        {
            return member;
        }

        var resolved = await organization.ResolveRoles(member.RoleReferences, cancellationToken);
        return member with { RoleBinding = resolved.Names };
    }

    public static MemberView Of(MemberState state) => new()
    {
        Id = state.Id,
        OrganizationId = state.OrganizationId,
        Name = state.Name,
        FullName = state.FullName,
        Status = state.Status,
        Type = state.Type,
        RoleBinding = RoleReference.NamesOf(state.RoleBinding),
        RoleReferences = state.RoleBinding,
        Ttl = state.Ttl.Text,
        TokenTtl = state.TokenTtl.Text,
        ExpiresAt = state.ExpiresAt,
        PinExpiresAt = MemberMachine.PinEndOf(state),
        LastLogon = state.LastLogon,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        LongestTokenTtl = state.LongestTokenTtl,
        Nickname = state.Nickname,
        Picture = state.Picture,
        Version = state.Version,
    };
}
