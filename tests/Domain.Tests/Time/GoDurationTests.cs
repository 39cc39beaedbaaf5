using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Time;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("10m", 600_000_000)]
    [InlineData("1h30m", 5_400_000_000)]
    [InlineData("1.5h", 5_400_000_000)]
    [InlineData("2h45m10s", 9_910_000_000)]
    [InlineData("300ms", 300_000)]
    [InlineData("7us", 7)]
    [InlineData("7µs", 7)]
    [InlineData("7μs", 7)]
    [InlineData("1500ns", 1)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("8760h", 31_536_000_000_000)]
    [InlineData(".5s", 500_000)]
    [InlineData("1.s", 1_000_000)]
    public void Reads_what_go_writes(string text, long microseconds)
    {
        Assert.True(GoDuration.TryParse(text, out var duration, out _));
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), duration.Value);
        Assert.Equal(text, duration.Text);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(null, "empty")]
    [InlineData("-1h", "negative")]
    [InlineData("+1h", "sign")]
    [InlineData("1", "not a duration")]
    [InlineData("h", "not a duration")]
    [InlineData("1d", "not a duration")]
    [InlineData("1 h", "not a duration")]
    [InlineData("1h ", "not a duration")]
    [InlineData("1h-5m", "not a duration")]
    [InlineData("1..5h", "not a duration")]
    [InlineData(".h", "not a duration")]
    [InlineData("1H", "not a duration")]
    [InlineData("99999999h", "too long")]
    [InlineData("99999999999999999999h", "too long")]
    [InlineData("999999999999999999999999999999h", "not a duration")]
    [InlineData("9223372036854775807ns1ns", "too long")]
    [InlineData("forever", "not a duration")]
    public void Says_what_is_wrong(string? text, string part)
    {
        Assert.False(GoDuration.TryParse(text, out _, out var problem));
        Assert.Contains(part, problem);
    }

    [Fact]
    public void Adding_to_a_time_stops_at_the_end_of_time()
    {
        Assert.Equal(Instant.Forever, DateTimeOffset.UnixEpoch.PlusCapped(TimeSpan.MaxValue));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.PlusCapped(TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Times_are_cut_to_microseconds_in_utc()
    {
        var time = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)).AddTicks(19);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(10), time.CutToMicroseconds());
        Assert.Equal(TimeSpan.Zero, time.CutToMicroseconds().Offset);
    }
}
