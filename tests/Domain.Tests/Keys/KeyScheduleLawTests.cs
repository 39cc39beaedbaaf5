using CsCheck;
using TokenActors.Domain.Keys;

namespace TokenActors.Domain.Tests.Keys;

/// <summary>Whenever somebody looks, a key encrypts, and all have heard of it before it does.</summary>
public sealed class KeyScheduleLawTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Looked at irregularly, in hours, now and then after a long stand-still.</summary>
    private static readonly Gen<int[]> Looks =
        Gen.OneOf(Gen.Int[1, 48], Gen.Int[1, 48], Gen.Int[1, 48], Gen.Int[1, 4_000]).Array[1, 60];

    [Fact]
    public void A_key_encrypts_whenever_somebody_looks() => Looks.HoldsForAll(2_000, hours =>
    {
        List<KeyLife> keys = [];
        var now = Start;
        var wasLate = true;
        foreach (var step in hours)
        {
            var next = KeySchedule.Next(keys, now);
            if (next is { } made)
            {
                Assert.True(made.ActiveFrom >= now, "it was to encrypt before it was made");
                Assert.Equal(KeySchedule.Life, made.EndsAt - made.ActiveFrom);
                Assert.True(wasLate || keys.Count == 0 || made.ActiveFrom - now > TimeSpan.Zero || keys.All(key => key.EndsAt <= now));
                keys.Add(made);
            }

            Assert.Single(keys, key => key.ActiveFrom <= now && now < key.EndsAt);
            Assert.Null(KeySchedule.Next(keys, now));
            wasLate = step > 24 * 14;
            now = now.AddHours(step);
        }

        // One begins where the one before it ends, or after a time in which nobody looked.
        Assert.All(keys.Zip(keys.Skip(1)), pair => Assert.True(pair.Second.ActiveFrom >= pair.First.EndsAt));
    });

    [Fact]
    public void Where_somebody_looks_daily_every_key_is_known_for_two_weeks_before_it_encrypts()
    {
        List<KeyLife> keys = [];
        List<TimeSpan> ahead = [];
        for (var now = Start; now < Start.AddDays(1_000); now = now.AddDays(1))
        {
            if (KeySchedule.Next(keys, now) is { } made)
            {
                ahead.Add(made.ActiveFrom - now);
                keys.Add(made);
            }
        }

        Assert.Equal(TimeSpan.Zero, ahead[0]);
        Assert.All(ahead.Skip(1), span => Assert.Equal(KeySchedule.Ahead, span));
        Assert.Equal(1 + ((1_000 - 76 + 89) / 90), keys.Count);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(23.9, false)]
    [InlineData(24, true)]
    [InlineData(1_000, true)]
    public void A_key_reads_for_a_day_after_its_end(double hours, bool isOver) =>
        Assert.Equal(isOver, KeySchedule.IsOver(new KeyLife(Start.AddDays(-90), Start), Start.AddHours(hours)));
}
