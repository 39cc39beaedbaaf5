using TokenActors.Grains.Abstractions.Cluster;

namespace TokenActors.Grains.Tests.Clustering;

/// <summary>What two silos say of themselves, asked of either.</summary>
public sealed class ClusterReportTests(TwoSilos silos) : IClassFixture<TwoSilos>
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Every_silo_is_in_the_report_with_its_own_lease_and_the_same_peppers(int from)
    {
        var (organization, member) = await silos.NewOrganization(on: 0);
        await silos.NewToken(organization, member, from: 1, on: 1);
        silos.LeaseOf(1).Switch(false);
        var report = await silos.Grain<IClusterGrain>("0", from, on: 0).Report();
        silos.LeaseOf(1).Switch(true);
        Assert.Equal(2, report.Silos.Length);
        Assert.All(report.Silos, silo =>
        {
            Assert.Equal("active", silo.Status);
            Assert.True(silo.Activations > 0);
            Assert.Equal((report.Schema, "p"), (silo.Details!.Schema, Assert.Single(silo.Details.Peppers)));
            Assert.StartsWith("0.", silo.Details.Version);
            Assert.True(silo.Details.Commits.Count > 0);
            Assert.True(silo.Details.Commits.Longest >= silo.Details.Commits.Median);
        });
        Assert.Single(report.Silos, silo => silo.Details!.HoldsLease);
        Assert.Equal((19, 19), (report.Schema, report.OldestProgram));
    }

    [Fact]
    public async Task A_gateway_is_listed_once_however_often_it_says_that_it_runs()
    {
        for (var i = 0; i < 3; i++)
        {
            await silos.Grain<IClusterGrain>("0", from: 1, on: 0)
                .Announce(new GatewayNote { Name = "gw/1", Version = "0.3.0", StartedAt = Start });
        }

        var gateway = Assert.Single((await silos.Grain<IClusterGrain>("0", from: 0, on: 0).Report()).Gateways);
        Assert.Equal(
            ("gw/1", "0.3.0", Start, false),
            (gateway.Note.Name, gateway.Note.Version, gateway.Note.StartedAt, gateway.Note.IsEmbedded));
    }
}
