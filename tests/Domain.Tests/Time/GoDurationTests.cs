using System.Globalization;
using CsCheck;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Time;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("10m", 600_000_000)]
    [InlineData("1h30m", 5_400_000_000)]
    [InlineData("1.5h", 5_400_000_000)]
    [InlineData("2h45m10s", 9_910_000_000)]
    [InlineData("1m1h", 3_660_000_000)]
    [InlineData("1h1h", 7_200_000_000)]
    [InlineData("300ms", 300_000)]
    [InlineData("7us", 7)]
    [InlineData("7µs", 7)]
    [InlineData("7μs", 7)]
    [InlineData("1500ns", 1)]
    [InlineData("999ns", 0)]
    [InlineData("0.0001us", 0)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("0h0m0s", 0)]
    [InlineData("007m", 420_000_000)]
    [InlineData("8760h", 31_536_000_000_000)]
    [InlineData(".5s", 500_000)]
    [InlineData("1.s", 1_000_000)]
    [InlineData("1s.5s", 1_500_000)]
    [InlineData("9223372036854775807ns", 9_223_372_036_854_775)]
    [InlineData("2562047h47m16.854775807s", 9_223_372_036_854_775)]
    public void Reads_what_go_writes(string text, long microseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration, out var problem));
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), duration.Value);
        Assert.Equal(text, duration.Text);
        Assert.Equal(text, duration.ToString());
        Assert.Empty(problem);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("-1h", "negative")]
    [InlineData("-", "negative")]
    [InlineData("+1h", "sign")]
    [InlineData("1", "not a duration")]
    [InlineData("00", "not a duration")]
    [InlineData("h", "not a duration")]
    [InlineData("1d", "not a duration")]
    [InlineData("1µ", "not a duration")]
    [InlineData("1 h", "not a duration")]
    [InlineData("1h ", "not a duration")]
    [InlineData(" 1h", "not a duration")]
    [InlineData("1h-5m", "not a duration")]
    [InlineData("1..5h", "not a duration")]
    [InlineData("1.5.5h", "not a duration")]
    [InlineData("1,5h", "not a duration")]
    [InlineData("1e3s", "not a duration")]
    [InlineData("0x1h", "not a duration")]
    [InlineData("١h", "not a duration")]
    [InlineData(".h", "not a duration")]
    [InlineData("1.", "not a duration")]
    [InlineData("1H", "not a duration")]
    [InlineData("1hm", "not a duration")]
    [InlineData("99999999h", "too long")]
    [InlineData("99999999999999999999h", "too long")]
    [InlineData("99999999999999999999h99999999999999999999h", "too long")]
    [InlineData("999999999999999999999999999999h", "not a duration")]
    [InlineData("9223372036854775807ns1ns", "too long")]
    [InlineData("9223372036854775808ns", "too long")]
    [InlineData("2562047h47m16.854775808s", "too long")]
    [InlineData("forever", "not a duration")]
    public void Says_what_is_wrong(string? text, string part)
    {
        Assert.False(GoDuration.TryParse(text, out var duration, out var problem));
        Assert.Contains(part, problem);
        Assert.Equal(TimeSpan.Zero, duration.Value);
    }

    [Fact]
    public void Every_duration_of_go_reads_back_to_the_microsecond() =>
        Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Long[0, 100_000_000_000_000], Gen.Long[0, 1_000_000_000]).HoldsForAll(
            3000,
            nanoseconds =>
            {
                Assert.True(GoDuration.TryParse(AsGoWrites(nanoseconds), out var duration, out _));
                Assert.Equal(TimeSpan.FromMicroseconds(nanoseconds / 1000), duration.Value);
            },
            AsGoWrites);

    [Theory]
    [InlineData("forever", true)]
    [InlineData("Forever", false)]
    [InlineData("forever ", false)]
    [InlineData("1h", true)]
    [InlineData("", false)]
    public void A_life_may_also_be_for_ever(string text, bool good)
    {
        Assert.Equal(good, GoDuration.TryParseLife(text, out var life, out var problem));
        Assert.Equal(good, problem.Length == 0);
        Assert.Equal(text == "forever", life == GoDuration.Forever);
    }

    [Fact]
    public void A_default_that_is_not_well_formed_is_a_mistake_of_ours()
    {
        Assert.Equal(TimeSpan.FromHours(24), GoDuration.Of("24h").Value);
        Assert.Same(GoDuration.Forever, GoDuration.Of("forever"));
        Assert.Contains("'1d'", Assert.Throws<FormatException>(() => GoDuration.Of("1d")).Message);
    }

    /// <summary>As <c>time.Duration.String()</c>: the largest unit first, hours never folded into days.</summary>
    private static string AsGoWrites(long nanoseconds)
    {
        static string In(long unit, long value) =>
            ((decimal)value / unit).ToString("0.#########", CultureInfo.InvariantCulture);

        switch (nanoseconds)
        {
            case 0:
                return "0s";
            case < 1_000:
                return $"{nanoseconds}ns";
            case < 1_000_000:
                return $"{In(1_000, nanoseconds)}µs";
            case < 1_000_000_000:
                return $"{In(1_000_000, nanoseconds)}ms";
        }

        var (minutes, rest) = Math.DivRem(nanoseconds, 60_000_000_000);
        var seconds = $"{In(1_000_000_000, rest)}s";
        var (hours, minute) = Math.DivRem(minutes, 60);
        return (hours, minute) switch
        {
            (0, 0) => seconds,
            (0, _) => $"{minute}m{seconds}",
            _ => $"{hours}h{minute}m{seconds}",
        };
    }
}
