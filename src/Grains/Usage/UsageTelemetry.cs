using System.Diagnostics.Metrics;
using TokenActors.Grains.Foundation;

namespace TokenActors.Grains.Usage;

/// <summary>Metrics of what is noted of tokens' uses.</summary>
internal static class UsageTelemetry
{
    private static readonly Meter Meter = new(GrainTelemetry.Name);

    private static readonly Counter<long> Flushes = Meter.CreateCounter<long>(
        "tokenactors.usage.flushes", "{flush}", "Times that the uses of tokens were written, by outcome: written or failed.");

    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "tokenactors.usage.dropped", "{token}", "Tokens whose uses of a minute were not kept: too many waited to be written.");

    private static readonly Gauge<double> Lag = Meter.CreateGauge<double>(
        "tokenactors.usage.lag", "s", "How long the uses that are not written yet have waited, at the end of a flush.");

    /// <summary>A book is opened: what it counts is there from its beginning, as zeros.</summary>
    public static void Opened()
    {
        Flushes.Add(0, new KeyValuePair<string, object?>("outcome", "written"));
        Dropped.Add(0);
        Lag.Record(0);
    }

    public static void Flushed(bool isWritten, TimeSpan lag)
    {
        Flushes.Add(1, new KeyValuePair<string, object?>("outcome", isWritten ? "written" : "failed"));
        Lag.Record(lag.TotalSeconds);
    }

    public static void Drop(int tokens) => Dropped.Add(tokens);
}
