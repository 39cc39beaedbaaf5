using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Clustering;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>What silos of two releases say of themselves.</summary>
[Collection("silo")]
public sealed class SiloProgramsTests(SiloFixture silo)
{
    private sealed record Manifests(params IReadOnlyList<GrainManifest> Silos) : IClusterManifestProvider
    {
        /// <summary>As in a client, whose own manifest stands among those of the silos.</summary>
        public ClusterManifest Current => new(
            MajorMinorVersion.Zero,
            Silos.Select(
                (manifest, i) => (Address: SiloAddress.New(new(System.Net.IPAddress.Loopback, 1000 + i), i), manifest))
                .Append((Address: SiloAddress.New(new(System.Net.IPAddress.Loopback, 999), -1), Manifest("client")))
                .ToImmutableDictionary(one => one.Address, one => one.Item2));

        public IAsyncEnumerable<ClusterManifest> Updates => AsyncEnumerable.Empty<ClusterManifest>();

        public GrainManifest LocalGrainManifest => Silos[0];
    }

    private static GrainManifest Manifest(string type, params string[] properties) => new(
        ImmutableDictionary<GrainType, GrainProperties>.Empty.Add(
            GrainType.Create(type), new(
                properties.ToImmutableDictionary(name => name, _ => "true", StringComparer.Ordinal))),
        ImmutableDictionary<GrainInterfaceType, GrainInterfaceProperties>.Empty);

    [Fact]
    public void Something_is_known_where_every_silo_says_so()
    {
        var (old, now) = (Manifest("token"), Manifest("token", Knowledge.PropertyOf("restrictions")));
        Assert.True(new SiloPrograms(new Manifests(now, now)).AllKnow("token", "restrictions"));
        Assert.False(new SiloPrograms(new Manifests(now, old)).AllKnow("token", "restrictions"));
        Assert.False(new SiloPrograms(new Manifests(now, now)).AllKnow("token", "more"));
        Assert.False(new SiloPrograms(new Manifests(now, Manifest("other"))).AllKnow("token", "restrictions"));
        Assert.True(new SiloPrograms(new Manifests(old, now)).AllHave("token"));
        Assert.False(new SiloPrograms(new Manifests(old, Manifest("other"))).AllHave("token"));
    }

    [Fact]
    public void This_program_knows_what_it_asks_for() =>
        Assert.True(silo.Services.GetRequiredService<ISiloPrograms>().AllKnow(Kinds.Token, Knowledge.Restrictions));
}
