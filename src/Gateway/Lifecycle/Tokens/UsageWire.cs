using TokenActors.Grains.Abstractions.Usage;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>A use of a token, as it was noted.</summary>
/// <param name="At">when</param>
/// <param name="Address">the network that it came from; absent where that is not known</param>
/// <param name="Client">the kind of client, as it calls itself; absent where that is not known</param>
internal sealed record LastUseWire(DateTimeOffset At, string? Address, string? Client);

/// <summary>What became of a token's secrets.</summary>
/// <param name="TokenId">the token</param>
/// <param name="Kept">false where the operator keeps no hours and networks</param>
/// <param name="From">the first hour that was asked about</param>
/// <param name="Until">now; the last full minute is told</param>
/// <param name="Accepted">how often a secret was accepted in this time</param>
/// <param name="Refused">how often one was refused, by the reason</param>
/// <param name="Hours">the hours in which something was counted</param>
/// <param name="Addresses">the last networks that it was used from, the last first</param>
/// <param name="LastUsed">its last use; absent where there was none</param>
internal sealed record TokenUsageWire(
    string TokenId, bool Kept, DateTimeOffset From, DateTimeOffset Until, long Accepted,
    IReadOnlyDictionary<string, long> Refused, IReadOnlyList<UsageHourWire> Hours,
    IReadOnlyList<UsageAddressWire> Addresses,
    LastUseWire? LastUsed)
{
    public static TokenUsageWire Of(string id, TokenUsageView view, DateTimeOffset from, DateTimeOffset until) => new(
        id, view.IsKept, from, until, view.Hours.Sum(hour => hour.Accepted),
        view.Hours.SelectMany(hour => hour.Refused).GroupBy(refused => refused.Reason)
            .ToDictionary(reason => reason.Key, reason => reason.Sum(refused => refused.Count)),
        [.. view.Hours.Select(UsageHourWire.Of)],
        [.. view.Addresses.Select(address => new UsageAddressWire(address.Address, address.Client, address.FirstAt, address.LastAt))],
        view.Last is { } last ? new(last.At, last.Address, last.Client) : null);
}

/// <summary>What was counted in an hour.</summary>
/// <param name="Start">its first instant</param>
/// <param name="Accepted">how often a secret was accepted</param>
/// <param name="Refused">how often one was refused, by the reason</param>
internal sealed record UsageHourWire(DateTimeOffset Start, long Accepted, IReadOnlyDictionary<string, long> Refused)
{
    public static UsageHourWire Of(TokenHourView hour) =>
        new(hour.Start, hour.Accepted, hour.Refused.ToDictionary(refused => refused.Reason, refused => refused.Count));
}

/// <summary>A network that a token was used from.</summary>
/// <param name="Address">its first address and the length of its prefix: 24 bits of an IPv4, 48 of an IPv6
/// address</param>
/// <param name="Client">the kind of client that was seen there last, as it calls itself</param>
/// <param name="FirstAt">the first use from there, since it is among the last five</param>
/// <param name="LastAt">the last use from there</param>
internal sealed record UsageAddressWire(string Address, string? Client, DateTimeOffset FirstAt, DateTimeOffset LastAt);
