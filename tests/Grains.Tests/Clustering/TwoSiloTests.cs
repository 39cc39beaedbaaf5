using Orleans.Core.Internal;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests.Clustering;

/// <summary>What is one grain on one of two silos, and what the other silo may say of it.</summary>
public sealed class TwoSiloTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task A_token_is_verified_locally_where_its_grain_is_and_by_a_call_from_the_other_silo(int from, int on)
    {
        var (organization, member) = await silos.NewOrganization(on);
        var (id, pair) = await silos.NewToken(organization, member, from, on);
        var called = await silos.Verify(id, pair.Access, from, on);
        Assert.Null(called.Refusal);
        Assert.Null(silos.VerifyLocally(from, id, pair.Access));
        var seen = Assert.IsType<Verification>(silos.VerifyLocally(on, id, pair.Access));
        Assert.Null(seen.Refusal);
        Assert.Equal((called.Caller?.TokenId, called.Presented), (seen.Caller?.TokenId, seen.Presented));

        await silos.Token(id, from, on).Disable(SiloFixture.Change());
        Assert.Equal(TokenRefusal.Disabled, silos.VerifyLocally(on, id, pair.Access)?.Refusal);
        Assert.Equal(TokenRefusal.Disabled, (await silos.Verify(id, pair.Access, from, on)).Refusal);
        Assert.Null(silos.VerifyLocally(from, id, pair.Access));
    }

    /// <summary>
    /// What a token needs of an organization on another silo is asked there, so that it is never a matter of memory
    /// alone.
    /// </summary>
    [Fact]
    public async Task A_token_is_not_verified_locally_where_its_organization_is_on_the_other_silo()
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        var (id, pair) = await silos.NewToken(organization, member, from: 1, on: 1);
        Assert.Null((await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);
        Assert.Null(silos.VerifyLocally(1, id, pair.Access));
        Assert.Null(silos.VerifyLocally(0, id, pair.Access));
    }

    [Fact]
    public async Task What_the_issuer_of_one_silo_writes_is_served_by_a_grain_of_the_other()
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        var id = SecretMint.NewTokenId(TimeProvider.System);
        var pair = SecretMint.Mint(TokenProfile.Organization, id);
        var issued = await silos.Grain<ITokenIssuerGrain>("0", from: 0, on: 0).Issue(
            id, TokensOfSilos.Issue(organization, member, pair));
        Assert.Null(issued.Refusal);
        var verified = await silos.Verify(id, pair.Access, from: 0, on: 1);
        Assert.Null(verified.Refusal);
        Assert.Equal(issued.Token?.Version, verified.Token?.Version);
        Assert.Null((await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);
        var again = await silos.Grain<ITokenIssuerGrain>("0", from: 0, on: 0).Issue(
            id, TokensOfSilos.Issue(organization, member, pair));
        Assert.Equal(TokenRefusal.IdTaken, again.Refusal);
    }

    [Fact]
    public async Task A_silo_without_its_lease_answers_for_nothing_and_the_other_goes_on()
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        var (near, nearPair) = await silos.NewToken(organization, member, from: 0, on: 0);
        var (otherOrganization, otherMember) = await silos.NewOrganization(on: 1);
        var (far, farPair) = await silos.NewToken(otherOrganization, otherMember, from: 1, on: 1);
        silos.LeaseOf(1).Switch(held: false);
        try
        {
            await Assert.ThrowsAsync<ServiceUnavailableException>(
                () => silos.Verify(far, farPair.Access, from: 0, on: 1));
            Assert.Throws<ServiceUnavailableException>(() => silos.VerifyLocally(1, far, farPair.Access));
            Assert.Null((await silos.Verify(near, nearPair.Access, from: 0, on: 0)).Refusal);
        }
        finally
        {
            silos.LeaseOf(1).Switch(held: true);
        }

        await Eventually.Holds(
            async () => (await silos.Verify(far, farPair.Access, from: 0, on: 1)).Refusal is null, "it answers again");
    }

    /// <summary>There and back: as an argument and as an answer.</summary>
    [Fact]
    public async Task Every_contract_survives_a_call_between_silos()
    {
        const string key = "echo";
        Assert.Equal(silos.NameOf(1), await silos.Grain<IEchoGrain>(key, from: 0, on: 1).Where());
        foreach (var type in WireSampleTests.Messages())
        {
            var sent = WireSampleTests.Fill(type, type.Name);
            var received = await silos.Grain<IEchoGrain>(key, from: 0, on: 1).Echo(sent);
            Assert.NotSame(sent, received);
            Assert.Equal(WireSampleTests.Describe("", sent), WireSampleTests.Describe("", received));
        }
    }

    /// <summary>
    /// The directory names activations of all silos, so that a row is read only where there is none, by whichever silo
    /// is asked.
    /// </summary>
    [Fact]
    public async Task A_row_is_read_only_where_no_silo_has_the_token_in_memory()
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        var (id, pair) = await silos.NewToken(organization, member, from: 1, on: 1);
        Assert.Null((await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);
        Assert.Null(await silos.VerifyStored(0, id, pair.Access));
        Assert.Null(await silos.VerifyStored(1, id, pair.Access));
        var reader = silos.Grain<ITokenReaderGrain>("0", from: 0, on: 0);
        Assert.Null((await reader.Verify(id, new VerifyToken { Presented = pair.Access.Fingerprint() })).Refusal);

        await Eventually.Holds(async () => await silos.IsPresented(id), "the first use is written");
        await silos.Token(id, from: 0, on: 1).AsReference<IGrainManagementExtension>().DeactivateOnIdle();
        await Eventually.Holds(
            async () => await silos.VerifyStored(0, id, pair.Access) is not null, "it left the memory");
        Assert.Null((await silos.VerifyStored(1, id, pair.Access))?.Refusal);
        Assert.Null((await reader.Verify(id, new VerifyToken { Presented = pair.Access.Fingerprint() })).Refusal);
        Assert.False(silos.LocalTokensOf(0).IsActive(id) || silos.LocalTokensOf(1).IsActive(id));

        await silos.Token(id, from: 0, on: 0).Disable(SiloFixture.Change());
        Assert.Equal(
            TokenRefusal.Disabled, (await reader.Verify(id, new VerifyToken { Presented = pair.Access.Fingerprint() })).Refusal);
    }
}
