namespace TokenActors.Storage.Usage;

/// <summary>What is to be noted of a token's uses.</summary>
/// <param name="OrganizationId">its organization</param>
/// <param name="TokenId">the token</param>
/// <param name="LastAt">when it was used last; null where it was refused only</param>
/// <param name="Address">the network that this use came from; null where it is not known</param>
/// <param name="Client">the kind of client that this use came from; null where it is not known</param>
/// <param name="Addresses">the last networks that it was used from</param>
/// <param name="Hours">what was counted, by hour</param>
public sealed record TokenUsage(
    string OrganizationId, string TokenId, DateTimeOffset? LastAt, string? Address, string? Client,
    IReadOnlyCollection<TokenAddress> Addresses, IReadOnlyDictionary<DateTimeOffset, UseCounts> Hours);

/// <summary>A network that a token was used from.</summary>
/// <param name="Address">its first address and the length of its prefix</param>
/// <param name="Client">the kind of client that was seen last there; null where it did not say</param>
/// <param name="FirstAt">when it was used from there first, since it was among the last ones</param>
/// <param name="LastAt">when it was used from there last</param>
public sealed record TokenAddress(string Address, string? Client, DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>The last use of a token.</summary>
public sealed record LastTokenUse(string TokenId, DateTimeOffset At, string? Address, string? Client);

/// <summary>What was counted in one hour.</summary>
public sealed record TokenHour(DateTimeOffset Start, UseCounts Counts);

/// <summary>Uses of a token in a time.</summary>
/// <param name="Accepted">how often a secret of it was accepted</param>
/// <param name="Refused">how often one was refused, by the reason</param>
public sealed record UseCounts(long Accepted, IReadOnlyDictionary<string, long> Refused)
{
    public static readonly UseCounts None = new(0, new Dictionary<string, long>());

    public UseCounts Add(UseCounts other)
    {
        if (other.Refused.Count == 0)
        {
            return this with { Accepted = Accepted + other.Accepted };
        }

        Dictionary<string, long> refused = new(Refused);
        foreach (var (reason, count) in other.Refused)
        {
            refused[reason] = refused.GetValueOrDefault(reason) + count;
        }

        return new(Accepted + other.Accepted, refused);
    }
}
