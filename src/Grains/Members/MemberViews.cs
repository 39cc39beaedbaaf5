using TokenActors.Domain.Grants;
using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Members;

namespace TokenActors.Grains.Members;

/// <summary>What may be shown of a member.</summary>
internal static class MemberViews
{
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
        PinExpiresAt = state.PinExpiresAt,
        LastLogon = state.LastLogon,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        LongestTokenTtl = state.LongestTokenTtl,
        Nickname = state.Nickname,
        Picture = state.Picture,
        Version = state.Version,
    };
}
