using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Tests.Clustering;

/// <summary>
/// One token active on two silos at once, as may be for a while after a failure: the row decides, and nothing is
/// lost.
/// </summary>
public sealed class TwoActivationTests(TwoActivationTests.SplitSilos silos) : IClassFixture<TwoActivationTests.SplitSilos>
{
    public sealed class SplitSilos : TwoSilos
    {
        protected override bool IsSplit => true;
    }

    [Fact]
    public async Task A_stale_activation_reads_again_and_decides_again_so_that_no_change_is_lost()
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        var (id, pair) = await silos.NewToken(organization, member, from: 0, on: 0);

        // Both know version 1 from here on.
        Assert.Null((await silos.Verify(id, pair.Access, from: 0, on: 0)).Refusal);
        Assert.Null((await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);
        var disabled = await silos.Token(id, from: 0, on: 0).Disable(SiloFixture.Change());
        Assert.Equal((2, false), (disabled.Token?.Version, disabled.Token?.Enabled));
        Assert.Null((await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);

        // A rotation would be fine by what this activation knows, and is refused by what is stored.
        var next = SecretMint.Mint(TokenProfile.Organization, id);
        Assert.Equal(
            TokenRefusal.Disabled, (await silos.Token(id, from: 1, on: 1).Rotate(SiloFixture.Renewal(next))).Refusal);
        Assert.Equal(TokenRefusal.Disabled, (await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);
        var described = await silos.Token(id, from: 1, on: 1).Describe(
            new() { Context = SiloFixture.Command(), FullName = "Renamed" });
        Assert.Equal(
            (3, false, "Renamed"), (described.Token?.Version, described.Token?.Enabled, described.Token?.FullName));
        var enabled = await silos.Token(id, from: 0, on: 0).Enable(SiloFixture.Change());
        Assert.Equal((4, true, "Renamed"), (enabled.Token?.Version, enabled.Token?.Enabled, enabled.Token?.FullName));
    }

    [Fact]
    public async Task Of_changes_on_both_at_once_each_is_written_once_and_none_is_lost()
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        var (id, pair) = await silos.NewToken(organization, member, from: 0, on: 0);
        Assert.Null((await silos.Verify(id, pair.Access, from: 0, on: 0)).Refusal);
        Assert.Null((await silos.Verify(id, pair.Access, from: 1, on: 1)).Refusal);
        const int each = 20;
        async Task<List<long>> Rename(int silo)
        {
            List<long> versions = [];
            for (var i = 0; i < each; i++)
            {
                versions.Add(
                    await Describe(new() { Context = SiloFixture.Command(), FullName = $"{silo} {i}" }, id, silo));
            }

            return versions;
        }

        var versions = (await Task.WhenAll(Rename(0), Rename(1))).SelectMany(version => version).Order();
        Assert.Equal(Enumerable.Range(2, 2 * each).Select(version => (long)version), versions);
    }

    /// <summary>
    /// Whoever loses too often is told that the row kept changing, and asks again under the same command id.
    /// </summary>
    private async Task<long> Describe(DescribeToken command, TokenId id, int silo) => (await Eventually.Finds(
        async () =>
        {
            try
            {
                return Assert.IsType<TokenView>((await silos.Token(id, silo, silo).Describe(command)).Token);
            }
            catch (ServiceUnavailableException e) when (e.Message.Contains("kept changing", StringComparison.Ordinal))
            {
                return null;
            }
        })).Version;
}
