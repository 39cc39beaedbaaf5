using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Grains.Abstractions.Previews;

namespace TokenActors.Grains.Abstractions.Usage;

/// <summary>An organization's tokens at a glance.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.TokenOverview")]
public sealed record TokenOverview
{
    /// <summary>When they were counted.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>Tokens that are not deleted, by their kinds.</summary>
    [Id(1)] public ImmutableArray<KindCount> Kinds { get; init; } = [];

    /// <summary>The same by <c>active</c>, <c>disabled</c> and <c>expired</c>.</summary>
    [Id(2)] public ImmutableArray<KindCount> States { get; init; } = [];

    /// <summary>Those whose life ends within 24 hours.</summary>
    [Id(3)] public int EndsWithinDay { get; init; }

    /// <summary>Those whose life ends within 7 days.</summary>
    [Id(4)] public int EndsWithinWeek { get; init; }

    /// <summary>Those whose life ends within 30 days.</summary>
    [Id(5)] public int EndsWithinMonth { get; init; }

    /// <summary>Those that were made more than 90 days ago and not used since.</summary>
    [Id(6)] public int Unused { get; init; }

    /// <summary>Those whose former pair is still kept.</summary>
    [Id(7)] public int WithSecondary { get; init; }

    /// <summary>There are more than were counted.</summary>
    [Id(8)] public bool IsCut { get; init; }
}

/// <summary>
/// Counts the tokens of an organization, whose id is the key; a count is told for half a minute. Whether a caller may
/// ask is the asker's to check.
/// </summary>
[Alias("TokenActors.ITokenOverviewGrain")]
public interface ITokenOverviewGrain : IGrainWithStringKey
{
    /// <summary>The last count, or a new one where that is older than half a minute.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<TokenOverview> Get(CancellationToken cancellationToken = default);
}
