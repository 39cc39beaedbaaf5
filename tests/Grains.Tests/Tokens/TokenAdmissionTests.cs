using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Tokens;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>How many tokens an organization may have, and which of them count.</summary>
[Collection("silo")]
public sealed class TokenAdmissionTests(SiloFixture silo)
{
    [Fact]
    public async Task An_organization_with_as_many_tokens_as_it_may_have_gets_no_more()
    {
        var (organization, member) = await silo.NewOrganization();
        await silo.NewToken(organization, member, name: "one");
        Assert.Equal(
            TokenRefusal.TooManyTokens, await RefusalOf(TokenProfile.Organization, organization, member, most: 1));
        Assert.Null(await RefusalOf(TokenProfile.Organization, organization, member, most: 2));
    }

    [Fact]
    public async Task A_deleted_token_makes_room()
    {
        var (organization, member) = await silo.NewOrganization();
        var token = await silo.NewToken(organization, member, name: "one");
        await silo.Token(token.Id).Delete(SiloFixture.Change());
        Assert.Null(await RefusalOf(TokenProfile.Organization, organization, member, most: 1));
    }

    [Fact]
    public async Task Single_tokens_are_not_counted_but_are_refused_where_the_named_ones_are_too_many()
    {
        var (organization, member) = await silo.NewOrganization();
        await silo.NewToken(organization, member, profile: TokenProfile.Mcp);
        Assert.Null(await RefusalOf(TokenProfile.Organization, organization, member, most: 1));
        await silo.NewToken(organization, member, name: "one");
        Assert.Equal(TokenRefusal.TooManyTokens, await RefusalOf(TokenProfile.Mcp, organization, member, most: 1));
    }

    [Fact]
    public async Task Tokens_of_a_facade_are_counted_apart()
    {
        var (organization, member) = await silo.NewOrganization();
        await silo.NewToken(organization, member, name: "one");
        Assert.Null(await RefusalOf(TokenProfile.AccessToken, organization, member, most: 1));
        await silo.NewToken(organization, member, profile: TokenProfile.AccessToken);
        Assert.Equal(
            TokenRefusal.TooManyTokens, await RefusalOf(TokenProfile.AccessToken, organization, member, most: 1));
    }

    private async Task<TokenRefusal?> RefusalOf(
        TokenProfile profile, OrganizationId organization, MemberId member, int most)
    {
        var id = SecretMint.NewTokenId(silo.Clock);
        var command = new IssueToken
        {
            Context = SiloFixture.Command(),
            Profile = profile.Name,
            OrganizationId = organization,
            MemberId = member,
            PermissionSet = PermissionSets.Viewer,
            Secrets = SecretMint.Mint(profile, id).ToMinted(),
        };
        var settings = silo.Services.GetRequiredService<TokenSettings>() with { MostLiveTokens = most };
        TokenPlace place = new(silo.Grains, silo.Store);
        var (spec, refusal) = await TokenAdmission.Admit(
            id,
            command,
            silo.Store,
            place,
            settings,
            silo.Services.GetRequiredService<RestrictionGate>(),
            (asked, query, token) => new(silo.Organization(asked).Ask(query, token)),
            CancellationToken.None);
        await place.Release();
        return spec is null ? refusal : null;
    }
}
