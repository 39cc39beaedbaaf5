using Microsoft.Extensions.DependencyInjection;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Tokens;

namespace TokenActors.Grains.Tests.Tokens;

/// <summary>The place of a token where an organization may have one, and something is lost.</summary>
public sealed class TokenPlaceTests : IAsyncLifetime
{
    private readonly SiloFixture _silo = new()
    {
        Replacements = services =>
        {
            var settings = (TokenSettings?)services.Last(service => service.ServiceType == typeof(TokenSettings)).ImplementationInstance;
            services.AddSingleton(settings! with { MostLiveTokens = 1 });
        },
    };

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Who_asks_again_for_a_token_whose_answer_was_lost_gets_it()
    {
        var first = await Wanted();
        _silo.Store.Next(Fault.AnswerLost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => first.Issue());
        Assert.Null((await first.Issue()).Refusal);
        Assert.Equal(TokenRefusal.TooManyTokens, (await first.Other().Issue()).Refusal);
    }

    /// <summary>Where nothing is heard of a commit it may be written yet.</summary>
    [Fact]
    public async Task A_place_is_held_for_a_minute_after_a_commit_that_was_lost()
    {
        var first = await Wanted();
        _silo.Store.Next(Fault.Lost);
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => first.Issue());
        Assert.Equal(TokenRefusal.TooManyTokens, (await first.Other().Issue()).Refusal);
        _silo.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null((await first.Other().Issue()).Refusal);
        Assert.Equal(TokenRefusal.TooManyTokens, (await first.Issue()).Refusal);
    }

    [Fact]
    public async Task Who_gives_the_places_may_be_lost_with_what_it_knew()
    {
        var first = await Wanted();
        Assert.Null((await first.Issue()).Refusal);
        await _silo.RestartAsync();
        Assert.Equal(TokenRefusal.TooManyTokens, (await first.Other().Issue()).Refusal);
        Assert.Null((await _silo.Token(first.Id).Delete(SiloFixture.Change())).Refusal);
        Assert.Null((await first.Other().Issue()).Refusal);
    }

    private async Task<Wish> Wanted()
    {
        var (organization, member) = await _silo.NewOrganization();
        return new Wish(_silo, organization, member, SecretMint.NewTokenId(_silo.Clock), Guid.NewGuid());
    }

    private sealed record Wish(
        SiloFixture Silo, OrganizationId Organization, MemberId Member, TokenId Id, Guid CommandId)
    {
        private readonly MintedSecrets _secrets = SecretMint.Mint(TokenProfile.Organization, Id).ToMinted();

        public Wish Other() => new(Silo, Organization, Member, SecretMint.NewTokenId(Silo.Clock), Guid.NewGuid());

        public Task<TokenAnswer> Issue() => Silo.Token(Id).Issue(new IssueToken
        {
            Context = SiloFixture.Command(id: CommandId),
            Profile = TokenProfile.Organization.Name,
            OrganizationId = Organization,
            MemberId = Member,
            PermissionSet = PermissionSets.Viewer,
            Secrets = _secrets,
        });
    }
}
