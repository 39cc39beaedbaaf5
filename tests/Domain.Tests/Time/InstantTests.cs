using CsCheck;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Time;

public sealed class InstantTests
{
    [Fact]
    public void Times_are_cut_to_microseconds_in_utc()
    {
        var time = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)).AddTicks(19);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(10), time.CutToMicroseconds());
        Assert.Equal(TimeSpan.Zero, time.CutToMicroseconds().Offset);
    }

    /// <summary>What is stored must compare with what is in memory, so that cutting twice is cutting once.</summary>
    [Fact]
    public void A_cut_time_is_the_last_whole_microsecond() => Gen.DateTimeOffset.HoldsForAll(3000, time =>
    {
        var cut = time.CutToMicroseconds();
        Assert.Equal(cut, cut.CutToMicroseconds());
        Assert.InRange((time - cut).Ticks, 0, TimeSpan.TicksPerMicrosecond - 1);
        Assert.Equal(0, cut.Ticks % TimeSpan.TicksPerMicrosecond);
    });

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(0, 0, 0)]
    [InlineData(10, -3, 7)]
    public void Adding_days_adds_them(int from, int days, int to) => Assert.Equal(
        DateTimeOffset.UnixEpoch.AddDays(to),
        DateTimeOffset.UnixEpoch.AddDays(from).PlusCapped(TimeSpan.FromDays(days)));

    [Fact]
    public void Adding_stops_at_the_end_of_time()
    {
        var day = TimeSpan.FromDays(1);
        Assert.Equal(Instant.Forever, DateTimeOffset.UnixEpoch.PlusCapped(TimeSpan.MaxValue));
        Assert.Equal(Instant.Forever, (Instant.Forever - day).PlusCapped(day));
        Assert.Equal(Instant.Forever, Instant.Forever.PlusCapped(day));
        Assert.Equal(Instant.Forever, DateTimeOffset.MaxValue.PlusCapped(day));
        var justBefore = Instant.Forever - TimeSpan.FromTicks(1);
        Assert.Equal(justBefore, (justBefore - day).PlusCapped(day));
    }

    [Fact]
    public void Earlier_and_later_look_at_the_instant_and_not_at_its_spelling()
    {
        DateTimeOffset one = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        DateTimeOffset other = new(2026, 1, 1, 12, 30, 0, TimeSpan.FromHours(1));
        Assert.Equal(other, Instant.Earlier(one, other));
        Assert.Equal(one, Instant.Later(one, other));
        Assert.Equal(Instant.Earlier(one, other), Instant.Earlier(other, one));
        Assert.Equal(Instant.Later(one, other), Instant.Later(other, one));
    }
}
