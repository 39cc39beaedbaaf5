using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Usage;

/// <summary>Makes one of what was noted of a token at two times.</summary>
internal static class UsageJoining
{
    public static TokenUsage Then(this TokenUsage earlier, TokenUsage later)
    {
        var last = later.LastAt > (earlier.LastAt ?? DateTimeOffset.MinValue) ? later : earlier;
        Dictionary<DateTimeOffset, UseCounts> hours = new(earlier.Hours);
        foreach (var (hour, counts) in later.Hours)
        {
            hours[hour] = hours.TryGetValue(hour, out var before) ? before.Add(counts) : counts;
        }

        return last with { Addresses = Joined(earlier.Addresses.Concat(later.Addresses)), Hours = hours };
    }

    private static List<TokenAddress> Joined(IEnumerable<TokenAddress> addresses) =>
    [
        .. addresses.GroupBy(address => address.Address)
            .Select(same => same.Aggregate((one, other) => (one.LastAt > other.LastAt ? one : other) with
            {
                FirstAt = one.FirstAt < other.FirstAt ? one.FirstAt : other.FirstAt,
            }))
            .OrderByDescending(address => address.LastAt)
            .Take(TokenUseStore.MostAddresses),
    ];
}
