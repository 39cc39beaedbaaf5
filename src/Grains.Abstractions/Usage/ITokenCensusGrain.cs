using Orleans.Concurrency;

namespace TokenActors.Grains.Abstractions.Usage;

/// <summary>Tokens of the whole service that need somebody's eye.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenCensusReport")]
public sealed record TokenCensusReport
{
    /// <summary>When they were counted.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>Live tokens whose life ends within 24 hours; no sessions, and none that lives no longer than that in
    /// all.</summary>
    [Id(1)] public long EndsWithinDay { get; init; }

    /// <summary>The same within 7 days.</summary>
    [Id(2)] public long EndsWithinWeek { get; init; }

    /// <summary>The same within 30 days.</summary>
    [Id(3)] public long EndsWithinMonth { get; init; }

    /// <summary>Live tokens that were made more than 90 days ago and not used since.</summary>
    [Id(4)] public long Unused { get; init; }
}

/// <summary>
/// Counts the tokens of the whole service, at most once in some minutes for all silos that export the numbers. The key
/// is <see cref="Key"/>.
/// </summary>
[Alias("TokenActors.ITokenCensusGrain")]
public interface ITokenCensusGrain : IGrainWithIntegerKey
{
    /// <summary>There is one for the service.</summary>
    const int Key = 0;

    /// <summary>The last count, or a new one where that is older. Of many tokens a count takes a while.</summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:04:00")]
    [Alias("Get")]
    Task<TokenCensusReport> Get(CancellationToken cancellationToken = default);
}
