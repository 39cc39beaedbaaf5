using System.Diagnostics.Metrics;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.Usage;

/// <summary>
/// The gauges of tokens that need somebody's eye. Every silo exports the same numbers: whoever adds them up takes the
/// largest.
/// </summary>
public static class TokenCensusTelemetry
{
    private static readonly Meter Meter = new(GrainTelemetry.Name);

    private static readonly Gauge<long> Expiring = Meter.CreateGauge<long>(
        "tokenactors.tokens.expiring", "{token}", "Tokens whose life ends within 1d, 7d, 30d, as last counted; no sessions, none that lives no longer.");

    private static readonly Gauge<long> Unused = Meter.CreateGauge<long>(
        "tokenactors.tokens.unused", "{token}", "Tokens made more than so many days ago and not used since, as last counted.");

    /// <summary>Notes a count.</summary>
    public static void Counted(TokenCensusReport census)
    {
        Expiring.Record(census.EndsWithinDay, new KeyValuePair<string, object?>("within", "1d"));
        Expiring.Record(census.EndsWithinWeek, new KeyValuePair<string, object?>("within", "7d"));
        Expiring.Record(census.EndsWithinMonth, new KeyValuePair<string, object?>("within", "30d"));
        Unused.Record(census.Unused, new KeyValuePair<string, object?>("days", "90"));
    }
}
