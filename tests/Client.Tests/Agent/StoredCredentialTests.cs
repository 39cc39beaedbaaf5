using CsCheck;
using TokenActors.Cli.Credentials;

namespace TokenActors.Client.Tests.Agent;

/// <summary>What is kept of a pair of secrets: how long it lives by a clock that may be anywhere, and what is read
/// back.</summary>
public sealed class StoredCredentialTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static StoredCredential Kept(double hours, DateTimeOffset? renewed = null) => new(
        new Secret("access"), new Secret("refresh"))
    {
        RenewedAt = renewed ?? Now, Life = TimeSpan.FromHours(hours), ExpiresAt = Now.AddYears(20).AddHours(hours),
    };

    /// <summary>Two thirds of a life, whatever the service's clock says.</summary>
    [Theory]
    [InlineData(3, 0, 3, 2)]
    [InlineData(3, 1, 2, 1)]
    [InlineData(3, 2, 1, 0)]
    [InlineData(3, 2.5, 0.5, -0.5)]
    [InlineData(3, 4, -1, -2)]
    public void It_is_due_after_two_thirds_of_its_life(double life, double after, double left, double due)
    {
        var credential = Kept(life);
        Assert.Equal(TimeSpan.FromHours(left), credential.LeftAt(Now.AddHours(after)));
        Assert.Equal(TimeSpan.FromHours(due), credential.DueIn(Now.AddHours(after)));
        Assert.Equal(Now.AddYears(20).AddHours(life - left), credential.ServiceTimeAt(Now.AddHours(after)));
    }

    /// <summary>A clock that was set back says nothing; a little is no other clock.</summary>
    [Theory]
    [InlineData(-59, false)]
    [InlineData(-61, true)]
    [InlineData(-3_600, true)]
    public void Nothing_is_left_by_a_clock_that_was_set_back(int seconds, bool isOver) =>
        Assert.Equal(isOver, Kept(3).LeftAt(Now.AddSeconds(seconds)) == TimeSpan.Zero);

    [Fact]
    public void What_was_pasted_says_nothing_of_its_end()
    {
        StoredCredential pasted = new(new Secret("a"), new Secret("r"));
        Assert.Null(pasted.LeftAt(Now));
        Assert.Null(pasted.DueIn(Now));
        Assert.Null(pasted.ServiceTimeAt(Now));

        // States of releases before know the end alone, by the clock of then.
        var old = pasted with { RenewedAt = Now, ExpiresAt = Now.AddHours(2) };
        Assert.Equal(TimeSpan.FromHours(1), old.LeftAt(Now.AddHours(1)));
    }

    [Theory]
    [InlineData(3_600, 0, 3_599)]
    [InlineData(1, 0, 0)]
    [InlineData(0, 5, -6)]
    public void A_life_is_a_second_less_than_it_may_be(int end, int answered, int life) =>
        Assert.Equal(
            TimeSpan.FromSeconds(life), StoredCredential.LifeOf(Now.AddSeconds(end), Now.AddSeconds(answered)));

    [Fact]
    public void A_life_that_the_service_does_not_tell_is_not_guessed() =>
        Assert.Null(StoredCredential.LifeOf(Now, null));

    [Fact]
    public void What_is_left_only_gets_less() => Gen.Select(Gen.Int[1, 10_000], Gen.Int[0, 20_000], Gen.Int[0, 20_000]).HoldsForAll(2_000, drawn =>
    {
        var (life, one, other) = (drawn.Item1, Math.Min(drawn.Item2, drawn.Item3), Math.Max(drawn.Item2, drawn.Item3));
        var credential = Kept(life / 60.0);
        Assert.True(credential.LeftAt(Now.AddMinutes(one)) >= credential.LeftAt(Now.AddMinutes(other)));
        Assert.True(credential.DueIn(Now.AddMinutes(one)) <= credential.LeftAt(Now.AddMinutes(one)));
    });

    private static readonly Gen<string> Text = Gen.String[Gen.Char.AlphaNumeric, 1, 20];

    [Fact]
    public void Whatever_is_stored_is_read_back() => Gen.Select(Text, Text, Gen.Bool, Gen.Int[0, 100_000], Text.Array[0, 4], Gen.Bool).HoldsForAll(
        1_000,
        drawn =>
        {
            var (access, refresh, hasRefresh, minutes, seeds, isDelivered) = drawn;
            StoredCredential credential = new(new Secret(access), hasRefresh ? new Secret(refresh) : null)
            {
                RenewedAt = Now.AddMinutes(minutes), ExpiresAt = Now.AddDays(minutes), Life = TimeSpan.FromMinutes(minutes), CreatedAt = Now,
                Previous = isDelivered
                    ? new Secret(refresh)
                    : null, IsDelivered = isDelivered, Seed = seeds.FirstOrDefault(), FormerSeeds = seeds,
                Attempt = hasRefresh ? new RenewalAttempt(access, Now) : null,
            };
            var read = StoredCredential.Read(credential.ToBytes());
            Assert.Equal(
                (access, hasRefresh ? refresh : null, credential.RenewedAt, credential.ExpiresAt, credential.Life, credential.CreatedAt),
                (read.Access?.Reveal(), read.Refresh?.Reveal(), read.RenewedAt, read.ExpiresAt, read.Life, read.CreatedAt));
            Assert.Equal(
                (credential.Previous?.Reveal(), credential.IsDelivered, credential.Seed, credential.Attempt),
                (read.Previous?.Reveal(), read.IsDelivered, read.Seed, read.Attempt));
            Assert.Equal(credential.FormerSeeds, read.FormerSeeds);
        });

    /// <summary>An older seed is never begun with again: of the last 32 each is known, once.</summary>
    [Fact]
    public void Seeds_that_were_given_before_are_remembered() => Gen.Int[0, 60].Array[1, 80].HoldsForAll(500, seeds =>
    {
        StoredCredential credential = new(null, new Secret("r"));
        foreach (var seed in seeds)
        {
            credential = credential.NotFrom($"{seed}");
            Assert.Contains($"{seed}", credential.FormerSeeds);
        }

        Assert.Same(credential, credential.NotFrom(null));
        Assert.InRange(credential.FormerSeeds.Count, 1, 32);
        Assert.Equal(credential.FormerSeeds.Count, credential.FormerSeeds.Distinct().Count());
    });
}
