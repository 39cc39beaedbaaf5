using CsCheck;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Tests.Time;

/// <summary>Durations and times against the plainest way of counting them.</summary>
public sealed class RecentTimesLawTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_summary_is_that_of_the_last_512_which_are_recent() =>
        Gen.Select(Gen.Int[0, 1_000].Array[0, 1_200], Gen.Int[0, 1_300]).HoldsForAll(300, drawn =>
        {
            var (took, since) = drawn;
            RecentTimes times = new();
            for (var i = 0; i < took.Length; i++)
            {
                times.Note(TimeSpan.FromMilliseconds(took[i]), Noon.AddSeconds(i));
            }

            var kept = took.Select((ms, i) => (ms, i)).TakeLast(512).Where(one => one.i >= since).Select(one => one.ms).Order().ToList();
            var summary = times.Since(Noon.AddSeconds(since));
            Assert.Equal(kept.Count, summary.Count);
            if (kept.Count > 0)
            {
                Assert.Equal(kept[kept.Count / 2], summary.Median.TotalMilliseconds);
                Assert.Equal(kept[^1], summary.Longest.TotalMilliseconds);
            }
        });

    [Fact]
    public void Whoever_notes_at_once_loses_nothing()
    {
        RecentTimes times = new();
        Parallel.For(0, 512, i => times.Note(TimeSpan.FromMilliseconds(i), Noon));
        Assert.Equal(
            new TimesSummary(512, TimeSpan.FromMilliseconds(256), TimeSpan.FromMilliseconds(511)), times.Since(Noon));
    }

    private static readonly Gen<DateTimeOffset> Moment = Gen.Select(
        Gen.Long[new DateTime(1, 1, 3).Ticks, new DateTime(9999, 12, 29).Ticks], Gen.Int[-14 * 60, 14 * 60],
        (ticks, minutes) => new DateTimeOffset(new DateTime(ticks), TimeSpan.FromMinutes(minutes)));

    [Fact]
    public void A_time_is_read_as_it_was_written_in_any_zone() => Moment.HoldsForAll(5_000, moment =>
    {
        Assert.True(Rfc3339.TryParse(moment.ToString("O"), out var read));
        Assert.Equal(moment.UtcTicks, read.UtcTicks);
        Assert.Equal(TimeSpan.Zero, read.Offset);

        // Whole seconds need no fraction, and UTC may be written as Z in either case.
        var whole = moment.ToUniversalTime().ToString(
            "yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(Rfc3339.TryParse(whole.ToLowerInvariant(), out var second));
        Assert.Equal(read.Ticks - (read.Ticks % TimeSpan.TicksPerSecond), second.Ticks);
    });

    [Fact]
    public void Any_text_is_read_or_refused() => Gen.String[Gen.Char["0123456789-:.TZ+ \u0660z"], 0, 30].HoldsForAll(20_000, text =>
    {
        if (Rfc3339.TryParse(text, out var read))
        {
            Assert.True(Rfc3339.TryParse(read.ToString("O"), out var again));
            Assert.Equal(read, again);
        }
    });

    [Fact]
    public void A_time_that_is_cut_keeps_its_order() => Gen.Select(Moment, Moment).HoldsForAll(5_000, drawn =>
    {
        var (a, b) = drawn;
        Assert.Equal(0, a.CutToMicroseconds().Ticks % 10);
        Assert.InRange((a - a.CutToMicroseconds()).Ticks, 0, 9);
        Assert.Equal(a.CutToMicroseconds(), a.CutToMicroseconds().CutToMicroseconds());
        Assert.True(a > b || a.CutToMicroseconds() <= b.CutToMicroseconds());
        Assert.Equal(Instant.Earlier(a, b), Instant.Earlier(b, a));
        Assert.Equal(a > b ? a : b, Instant.Later(a, b));
    });
}
