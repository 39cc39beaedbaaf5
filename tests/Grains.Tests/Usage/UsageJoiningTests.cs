using CsCheck;
using TokenActors.Grains.Usage;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Tests.Usage;

/// <summary>What a token was used for in two minutes, of which the first could not be written.</summary>
public sealed class UsageJoiningTests
{
    private static readonly DateTimeOffset Hour = new(2025, 12, 31, 23, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_place_of_the_last_use_is_that_of_its_time()
    {
        var one = Use(at: 5, "10.0.0.0/24", "ta");
        var other = Use(at: 3, "10.9.0.0/24", "curl");
        Assert.Equal((Hour.AddMinutes(5), "10.0.0.0/24", "ta"), Last(one.Then(other)));
        Assert.Equal((Hour.AddMinutes(5), "10.0.0.0/24", "ta"), Last(other.Then(one)));
    }

    /// <summary>A minute of refusals alone says nothing about the last use.</summary>
    [Fact]
    public void Refusals_leave_the_last_use_as_it_is()
    {
        var (used, refused) = (Use(at: 5, "10.0.0.0/24", "ta"), Refused(Hour, "expired", 2));
        Assert.Equal(Last(used), Last(used.Then(refused)));
        Assert.Equal(Last(used), Last(refused.Then(used)));
        Assert.Null(refused.Then(refused).LastAt);
        Assert.Equal(4, refused.Then(refused).Hours[Hour].Refused["expired"]);
    }

    /// <summary>The last hour of a year is not the first of the next.</summary>
    [Fact]
    public void Each_hour_is_counted_for_itself_and_each_reason_too()
    {
        var joined = Refused(Hour, "expired", 2).Then(Refused(Hour.AddHours(1), "expired", 3))
            .Then(Refused(Hour, "disabled", 1)).Then(Use(at: 1, null, null));
        Assert.Equal([Hour, Hour.AddHours(1)], joined.Hours.Keys.Order());
        Assert.Equal(1, joined.Hours[Hour].Accepted);
        Assert.Equal((2, 1), (joined.Hours[Hour].Refused["expired"], joined.Hours[Hour].Refused["disabled"]));
        Assert.Equal(3, joined.Hours[Hour.AddHours(1)].Refused["expired"]);
    }

    [Fact]
    public void A_network_is_seen_from_its_first_use_to_its_last_with_the_client_of_the_last()
    {
        var joined = Use(at: 1, "10.0.0.0/24", "curl").Then(Use(at: 9, "10.0.0.0/24", "ta"))
            .Then(Use(at: 4, "10.0.0.0/24", null));
        Assert.Equal(
            new TokenAddress("10.0.0.0/24", "ta", Hour.AddMinutes(1), Hour.AddMinutes(9)),
            Assert.Single(joined.Addresses));
    }

    [Fact]
    public void Of_many_networks_the_last_ones_are_kept_the_newest_first()
    {
        var joined = Enumerable.Range(1, 9).Reverse().Select(at => Use(at, $"10.0.{at}.0/24", null))
            .Aggregate((one, other) => one.Then(other));
        Assert.Equal(
            Enumerable.Range(0, TokenUseStore.MostAddresses).Select(i => $"10.0.{9 - i}.0/24"),
            joined.Addresses.Select(address => address.Address));
    }

    /// <summary>No use is lost or counted twice, in whatever order minutes are put together.</summary>
    [Fact]
    public void What_is_joined_counts_what_its_parts_count_in_any_order() =>
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, 3], Gen.Int[0, 3]).Array[1, 12].HoldsForAll(300, noted =>
        {
            var parts = noted.Select(note => note.Item3 == 0
                ? Use(note.Item1, $"10.0.{note.Item2}.0/24", null)
                : Refused(Hour.AddHours(note.Item2), $"r{note.Item3}", note.Item1)).ToList();
            var (forward, backward) = (
                parts.Aggregate((one, other) => one.Then(other)),
                Enumerable.Reverse(parts).Aggregate((one, other) => one.Then(other)));
            Assert.Equal(parts.Sum(Counted), Counted(forward));
            Assert.Equal(Counted(forward), Counted(backward));
            Assert.Equal(parts.Max(part => part.LastAt), forward.LastAt);
            Assert.Equal(forward.LastAt, backward.LastAt);
            Assert.Equal(
                forward.Addresses.Select(address => address.Address).Order(),
                backward.Addresses.Select(address => address.Address).Order());
        });

    private static long Counted(TokenUsage usage) =>
        usage.Hours.Values.Sum(counts => counts.Accepted + counts.Refused.Values.Sum());

    private static (DateTimeOffset?, string?, string?) Last(TokenUsage usage) =>
        (usage.LastAt, usage.Address, usage.Client);

    private static TokenUsage Use(int at, string? network, string? client)
    {
        var time = Hour.AddMinutes(at);
        return new(
            "o", "t", time, network, client,
            network is null ? [] : [new TokenAddress(network, client, time, time)],
            new Dictionary<DateTimeOffset, UseCounts> { [Hour] = UseCounts.None with { Accepted = 1 } });
    }

    private static TokenUsage Refused(DateTimeOffset hour, string reason, long count) => new(
        "o", "t", null, null, null, [],
        new Dictionary<DateTimeOffset, UseCounts>
        {
            [hour] = new(0, new Dictionary<string, long> { [reason] = count }),
        });
}
