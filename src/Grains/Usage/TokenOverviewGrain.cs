using System.Collections.Immutable;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Usage;

/// <summary>
/// Counts an organization's tokens where somebody asks, once for all that ask within half a minute. Owns nothing.
/// </summary>
[GrainType("token-overview")]
public sealed class TokenOverviewGrain(TokenUseStore store, TimeProvider time) : Grain, ITokenOverviewGrain
{
    /// <summary>How many tokens are looked at: a count is a statement over the rows of the organization.</summary>
    internal const int MostCounted = 100_000;

    private static readonly TimeSpan ToldFor = TimeSpan.FromSeconds(30);

    private TokenOverview? _told;
    private Task<TokenOverview>? _counting;

    public Task<TokenOverview> Get(CancellationToken cancellationToken)
    {
        if (_told is { } told && time.GetUtcNow() - told.At < ToldFor)
        {
            return Task.FromResult(told);
        }

        return (_counting ??= Count()).UntilCanceled(cancellationToken);
    }

    private async Task<TokenOverview> Count()
    {
        // Before anything else it leaves the caller's turn, so that the field is set when the count ends.
        await Task.Yield();
        try
        {
            var now = time.GetUtcNow().CutToMicroseconds();
            return _told = Of(await store.Counts(this.GetPrimaryKeyString(), now, MostCounted + 1), now);
        }
        finally
        {
            _counting = null;
        }
    }

    private static TokenOverview Of(IReadOnlyList<TokenCounts> counts, DateTimeOffset at) => new()
    {
        At = at,
        Kinds = By(counts, count => count.Kind),
        States = By(counts, count => count.State),
        EndsWithinDay = (int)counts.Sum(count => count.EndsWithinDay),
        EndsWithinWeek = (int)counts.Sum(count => count.EndsWithinWeek),
        EndsWithinMonth = (int)counts.Sum(count => count.EndsWithinMonth),
        Unused = (int)counts.Sum(count => count.Unused),
        WithSecondary = (int)counts.Sum(count => count.WithSecondary),
        IsCut = counts.Sum(count => count.Tokens) > MostCounted,
    };

    private static ImmutableArray<KindCount> By(IReadOnlyList<TokenCounts> counts, Func<TokenCounts, string> word) =>
    [
        .. counts.GroupBy(word).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new KindCount { Kind = group.Key, Count = (int)group.Sum(count => count.Tokens) }),
    ];
}
