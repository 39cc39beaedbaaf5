using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Time;

/// <summary>The last durations at a glance.</summary>
public sealed class RecentTimesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static RecentTimes Of(int count)
    {
        RecentTimes times = new();
        for (var i = 1; i <= count; i++)
        {
            times.Note(TimeSpan.FromMilliseconds(i), Noon.AddSeconds(i));
        }

        return times;
    }

    [Fact]
    public void Nothing_that_was_noted_is_no_time_at_all() =>
        Assert.Equal(default, Of(0).Since(DateTimeOffset.MinValue));

    [Theory]
    [InlineData(1, 0, 1, 1, 1)]
    [InlineData(9, 0, 9, 5, 9)]
    [InlineData(9, 7, 3, 8, 9)]
    [InlineData(9, 10, 0, 0, 0)]
    [InlineData(512, 0, 512, 257, 512)]
    [InlineData(1000, 0, 512, 745, 1000)]
    public void What_is_kept_and_recent_is_summed_up(int noted, int since, int count, int median, int longest) => Assert.Equal(
        new TimesSummary(count, TimeSpan.FromMilliseconds(median), TimeSpan.FromMilliseconds(longest)),
        Of(noted).Since(Noon.AddSeconds(since)));
}
