using CsCheck;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Limits;

namespace TokenActors.Domain.Tests.Limits;

/// <summary>Whatever is asked for and whenever: over no while is more let in than burst and rate allow.</summary>
public sealed class TokenBucketsLawTests
{
    private static readonly Gen<(int Rate, int Burst, int[] Steps)> Drawn =
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 20], Gen.Int[0, 400].Array[1, 80]);

    private static string Show((int Rate, int Burst, int[] Steps) drawn) =>
        $"{drawn.Rate}/s, {drawn.Burst} at once, after {string.Join(' ', drawn.Steps)} ms";

    /// <summary>Compared with a bucket of fractions, filled at every step.</summary>
    [Fact]
    public void A_bucket_gives_what_one_of_fractions_gives() => Drawn.HoldsForAll(
        2_000,
        drawn =>
        {
            var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
            var buckets = new TokenBuckets<int>(clock, drawn.Rate, drawn.Burst, TimeSpan.FromSeconds(1));
            double full = drawn.Burst;
            foreach (var step in drawn.Steps)
            {
                clock.Advance(TimeSpan.FromMilliseconds(step));
                full = Math.Min(drawn.Burst, full + (drawn.Rate * step / 1000.0));
                var hasOne = buckets.Ask(0) is null;
                var wait = buckets.Take(0);
                Assert.Equal(hasOne, wait is null);
                if (Math.Abs(full - 1) > 0.001)
                {
                    Assert.Equal(full >= 1, wait is null);
                }

                full -= wait is null ? 1 : 0;
                if (wait is { } time)
                {
                    Assert.InRange(time.TotalSeconds, 0, ((1 - full) / drawn.Rate) + 0.001);
                }
            }
        },
        Show);

    [Fact]
    public void After_the_wait_that_was_told_there_is_a_permit() => Drawn.HoldsForAll(
        2_000,
        drawn =>
        {
            var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
            var buckets = new TokenBuckets<string>(clock, drawn.Rate, drawn.Burst, TimeSpan.FromSeconds(1));
            foreach (var step in drawn.Steps)
            {
                while (buckets.Take("a") is null)
                {
                }

                var wait = Assert.NotNull(buckets.Ask("a"));
                Assert.Equal(0, buckets.Left("a")?.Left);
                clock.Advance(wait + TimeSpan.FromTicks(1));
                Assert.Null(buckets.Ask("a"));
                Assert.Equal(1, buckets.Left("a")?.Left);
                Assert.Null(buckets.Take("a"));
                clock.Advance(TimeSpan.FromMilliseconds(step));
            }
        },
        Show);

    [Fact]
    public void A_full_bucket_holds_its_burst_and_no_limit_has_nothing_left_to_tell()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var buckets = new TokenBuckets<string>(clock, 10, 20, TimeSpan.FromSeconds(1));
        Assert.Equal((20, TimeSpan.Zero), buckets.Left("a"));
        Assert.Null(buckets.Take("a"));
        Assert.Equal((19, TimeSpan.FromSeconds(0.1)), buckets.Left("a"));
        clock.Advance(TimeSpan.FromSeconds(0.05));
        Assert.Equal((19, TimeSpan.FromSeconds(0.05)), buckets.Left("a"));
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((20, TimeSpan.Zero), buckets.Left("a"));

        var unlimited = new TokenBuckets<string>(clock, 0, 0, TimeSpan.FromSeconds(1));
        Assert.Null(unlimited.Left("a"));
        Assert.Null(unlimited.Ask("a"));
        Assert.Null(unlimited.Take("a"));
        Assert.Equal(0, unlimited.Count);
    }

    [Fact]
    public void No_key_takes_from_another() => Gen.Int[0, 4].Array[1, 60].HoldsForAll(1_000, keys =>
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var buckets = new TokenBuckets<int>(clock, 5, 3, TimeSpan.FromHours(1));
        var given = keys.GroupBy(key => key).ToDictionary(group => group.Key, group => group.Count());
        var accepted = keys.Where(key => buckets.Take(key) is null).GroupBy(key => key).ToDictionary(
            group => group.Key, group => group.Count());
        Assert.All(given, pair => Assert.Equal(Math.Min(3, pair.Value), accepted[pair.Key]));
    });
}
