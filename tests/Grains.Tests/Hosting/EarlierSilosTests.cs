using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Secrets;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Clustering;

namespace TokenActors.Grains.Tests.Hosting;

/// <summary>A gateway sends no restriction where a silo would drop it on the way.</summary>
public sealed class EarlierSilosTests
{
    private static readonly MintedSecrets Minted = SecretMint.Mint(TokenProfile.Organization, new TokenId(Guid.NewGuid())).ToMinted();

    private static readonly IssueToken Plain = new()
    {
        Context = SiloFixture.Command(), OrganizationId = new(Guid.NewGuid()), MemberId = new(Guid.NewGuid()), Profile = "organization",
        Secrets = Minted,
    };

    [Fact]
    public void What_no_silo_drops_is_sent()
    {
        var silos = Cluster("restrictions", "belonging");
        Assert.All(Restricted(), command => Assert.True(silos.Understand(command)));
        Assert.True(silos.Understand(Edit() with { Addresses = ["10.0.0.0/8"] }));
    }

    [Fact]
    public void What_an_earlier_silo_would_drop_is_not()
    {
        var silos = Cluster();
        Assert.All(Restricted(), command => Assert.False(silos.Understand(command)));
        Assert.False(silos.Understand(Edit() with { Addresses = ["10.0.0.0/8"] }));
        Assert.True(silos.Understand(Edit() with { Addresses = [], Limits = new() }));
        Assert.False(silos.Understand(Edit() with { Limits = new() { PerSecond = 5 } }));
        Assert.True(silos.Understand(Plain));
        Assert.True(silos.Understand(Plain with { Addresses = [], Limits = new() }));
        Assert.True(silos.Understand(Edit()));
    }

    [Fact]
    public void One_is_known_without_the_other()
    {
        var silos = Cluster("restrictions");
        Assert.True(silos.Understand(Plain with { Limits = new() { Uses = 3 } }));
        Assert.False(silos.Understand(Plain with { BelongsTo = TokenBelonging.Member }));
    }

    private static IEnumerable<IssueToken> Restricted() =>
    [
        Plain with { Addresses = ["10.0.0.0/8"] },
        Plain with { Limits = new() { Uses = 3 } },
        Plain with { Limits = new() { PerSecond = 5 } },
        Plain with { BelongsTo = TokenBelonging.Member },
        Plain with { BelongsTo = TokenBelonging.Organization },
    ];

    private static EditToken Edit() => new() { Context = SiloFixture.Command(), Secrets = Minted };

    /// <summary>What every silo of a cluster knows.</summary>
    private static EarlierSilos Cluster(params string[] known) => new(new Programs(known));

    private sealed record Programs(string[] Known) : ISiloPrograms
    {
        public bool AllHave(string grainType) => true;

        public bool AllKnow(string grainType, string what) => grainType == Kinds.Token && Known.Contains(what);
    }
}
