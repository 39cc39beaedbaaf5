using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Naming;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>Finds tokens by what stands in a path: the id first, then the name.</summary>
internal sealed class TokenLookup(IGrainFactory grains)
{
    public async ValueTask<TokenId?> Find(OrganizationId organization, string idOrName)
    {
        if (TokenId.TryParse(idOrName, out var id))
        {
            return id;
        }

        return idOrName.Length <= Slug.MaxLength && StorableText.Is(idOrName)
            ? await grains.GetGrain<ICatalogGrain>("0").FindToken(organization, idOrName)
            : null;
    }

    /// <summary>The token as a caller sees it; null where it does not.</summary>
    public async Task<TokenView?> View(Caller caller, TokenId id) =>
        (await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).See(new SeeToken { Caller = caller })).Token;

    public async Task<TokenView?> View(OrganizationId organization, TokenId id) =>
        (await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Get(organization)).Token;

    /// <summary>Whether a path's owner, by id or name, is the token's.</summary>
    public async ValueTask<bool> IsOwner(OrganizationId organization, string idOrName, TokenView token) =>
        string.Equals(idOrName, token.OwnerId, StringComparison.OrdinalIgnoreCase)
        || (token.OwnerType == TokenOwnerType.Organization
            && await grains.GetGrain<IOrganizationGrain>(organization.ToString()).Get() is { } owner
            && string.Equals(idOrName, owner.Name, StringComparison.OrdinalIgnoreCase));
}
