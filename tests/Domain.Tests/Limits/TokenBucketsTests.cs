using Microsoft.Extensions.Time.Testing;
using TokenActors.Domain.Limits;

namespace TokenActors.Domain.Tests.Limits;

public sealed class TokenBucketsTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);

    /// <summary>Also where the key was idle before, and for longer than the bucket takes to fill.</summary>
    [Theory]
    [InlineData(1, 2, 0)]
    [InlineData(5, 10, 4)]
    [InlineData(19, 38, 0)]
    [InlineData(19, 38, 9)]
    [InlineData(1000, 2000, 60)]
    public void As_many_are_let_in_as_burst_and_rate_allow(int rate, int burst, int idleSeconds)
    {
        var buckets = new TokenBuckets<string>(_clock, rate, burst, TimeSpan.FromSeconds(1));
        Assert.Null(buckets.Take("a"));
        _clock.Advance(TimeSpan.FromSeconds(idleSeconds));
        var accepted = 1 - Math.Min(1, idleSeconds);
        for (var tenth = 0; tenth < 100; tenth++)
        {
            while (buckets.Take("a") is null)
            {
                accepted++;
            }

            _clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        // The last tenth of a second was not asked for.
        Assert.InRange(accepted, burst + (rate * 9.9) - 1, burst + (rate * 9.9) + 1);
    }

    [Fact]
    public void The_wait_is_the_time_until_the_next_permit()
    {
        var buckets = new TokenBuckets<string>(_clock, 5, 5, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(buckets.Ask("a"));
            Assert.Null(buckets.Take("a"));
        }

        Assert.Equal(TimeSpan.FromSeconds(12), buckets.Ask("a"));
        Assert.Equal(TimeSpan.FromSeconds(12), buckets.Take("a"));
        Assert.Null(buckets.Ask("b"));
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(TimeSpan.FromSeconds(1), buckets.Ask("a"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(buckets.Ask("a"));
        Assert.Null(buckets.Take("a"));
        Assert.NotNull(buckets.Take("a"));
    }

    [Fact]
    public void A_bucket_that_was_emptied_under_a_slower_rate_fills_at_the_new_one()
    {
        var buckets = new TokenBuckets<string>(_clock, 1, 1, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(buckets.Take("a", 1, 1_000));
        }

        Assert.NotNull(buckets.Take("a", 1, 1_000));
        Assert.Equal(TimeSpan.FromSeconds(0.01), buckets.Take("a", 100, 200));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(Enumerable.Range(0, 300).Count(_ => buckets.Take("a", 100, 200) is null), 99, 101);
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        var buckets = new TokenBuckets<string>(_clock, 0, 0, TimeSpan.FromSeconds(1));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Null(buckets.Take("a")));
        Assert.Null(buckets.Ask("a"));
    }

    [Fact]
    public async Task Takers_at_once_get_no_more_than_one_would()
    {
        var buckets = new TokenBuckets<string>(_clock, 10, 1000, TimeSpan.FromSeconds(1));
        var accepted = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (buckets.Take("a") is null)
                {
                    Interlocked.Increment(ref accepted);
                }
            }
        })));
        Assert.Equal(1000, accepted);
    }

    [Fact]
    public void Full_buckets_are_forgotten()
    {
        var buckets = new TokenBuckets<int>(_clock, 10, 10, TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5_000; i++)
        {
            buckets.Take(i);
        }

        Assert.Equal(5_000, buckets.Count);
        _clock.Advance(TimeSpan.FromSeconds(2));
        buckets.Take(-1);
        Assert.Equal(1, buckets.Count);
    }
}
