using TokenActors.Domain.Keys;

namespace TokenActors.Domain.Tests.Keys;

/// <summary>When shared keys are made and when they are over.</summary>
public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_first_key_is_made_at_once_and_used_at_once()
    {
        Assert.Equal(new KeyLife(Start, Start.AddDays(90)), KeySchedule.Next([], Start));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(75)]
    public void No_key_is_made_while_the_last_one_lasts(int days)
    {
        Assert.Null(KeySchedule.Next([new(Start, Start.AddDays(90))], Start.AddDays(days)));
    }

    [Fact]
    public void The_next_key_is_made_two_weeks_ahead_and_begins_where_the_last_one_ends()
    {
        var first = new KeyLife(Start, Start.AddDays(90));
        Assert.Equal(new KeyLife(first.EndsAt, first.EndsAt.AddDays(90)), KeySchedule.Next([first], Start.AddDays(76)));
    }

    [Fact]
    public void After_a_long_pause_a_key_is_made_that_is_used_at_once()
    {
        var later = Start.AddDays(1000);
        Assert.Equal(later, KeySchedule.Next([new(Start, Start.AddDays(90))], later)?.ActiveFrom);
    }

    [Fact]
    public void There_is_a_key_to_encrypt_with_at_every_time_and_each_is_known_two_days_before_it_is_used()
    {
        List<(KeyLife Life, DateTimeOffset Made)> keys = [];
        for (var now = Start; now < Start.AddDays(800); now = now.AddHours(7))
        {
            if (KeySchedule.Next(keys.Select(key => key.Life), now) is { } life)
            {
                keys.Add((life, now));
            }

            Assert.Contains(keys, key => key.Life.ActiveFrom <= now && now < key.Life.EndsAt);
        }

        Assert.All(keys.Skip(1), key => Assert.True(key.Life.ActiveFrom - key.Made > TimeSpan.FromDays(2)));
        Assert.Equal(10, keys.Count);
    }

    [Fact]
    public void A_key_decrypts_for_a_day_after_its_end()
    {
        var key = new KeyLife(Start, Start.AddDays(90));
        Assert.False(KeySchedule.IsOver(key, key.EndsAt.AddHours(23)));
        Assert.True(KeySchedule.IsOver(key, key.EndsAt.AddHours(24)));
    }
}
