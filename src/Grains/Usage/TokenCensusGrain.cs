using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Usage;

namespace TokenActors.Grains.Usage;

/// <summary>Counts the service's tokens for the gauges of all silos. Owns nothing.</summary>
[GrainType("token-census")]
public sealed class TokenCensusGrain(TokenUseStore store, TimeProvider time) : Grain, ITokenCensusGrain
{
    /// <summary>
    /// How often the tokens are counted: a count looks at every token that is due within a month and at every one that
    /// was not used for long.
    /// </summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    /// <summary>Shorter than the silos' own period, so that whoever asks first counts for the others.</summary>
    internal static readonly TimeSpan ToldFor = Every - TimeSpan.FromSeconds(30);

    private TokenCensusReport? _told;
    private Task<TokenCensusReport>? _counting;

    public Task<TokenCensusReport> Get(CancellationToken cancellationToken) =>
        _told is { } told && time.GetUtcNow() - told.At < ToldFor
            ? Task.FromResult(told)
            : (_counting ??= Count()).UntilCanceled(cancellationToken);

    private async Task<TokenCensusReport> Count()
    {
        // Before anything else it leaves the caller's turn, so that the field is set when the count ends.
        await Task.Yield();
        try
        {
            var now = time.GetUtcNow().CutToMicroseconds();
            var census = await store.Census(now);
            return _told = new TokenCensusReport
            {
                At = now,
                EndsWithinDay = census.EndsWithinDay,
                EndsWithinWeek = census.EndsWithinWeek,
                EndsWithinMonth = census.EndsWithinMonth,
                Unused = census.Unused,
            };
        }
        finally
        {
            _counting = null;
        }
    }
}
