using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Tests.Management;

/// <summary>Tokens that may do what is named and nothing else: no permission set is so small.</summary>
internal static class LimitedTokens
{
    public static async Task<(string Id, string Access)> Limited(
        this Service service, params IEnumerable<string> actions)
    {
        var id = SecretMint.NewTokenId(service.Clock);
        var pair = SecretMint.Mint(TokenProfile.Organization, id);
        var issued = await service.Grains.GetGrain<IRefreshTokenGrain>(id.ToString()).Issue(new IssueToken
        {
            Context = new CallContext { CommandId = Guid.NewGuid() }, Profile = TokenProfile.Organization.Name,
            OrganizationId = OrganizationId.Parse(service.OrganizationId), MemberId = MemberId.Parse(
                (string)service.Bootstrap["member_id"]!),
            Actions = [.. actions], Secrets = pair.ToMinted(),
        });
        Assert.Null(issued.Refusal);
        return (id.ToString(), pair.Access.Reveal());
    }
}
