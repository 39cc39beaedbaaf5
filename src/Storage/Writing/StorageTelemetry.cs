using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TokenActors.Storage.Writing;

/// <summary>
/// The store's spans and metrics: a span for each commit as its caller sees it, the size and the duration of each
/// group.
/// </summary>
internal static class StorageTelemetry
{
    public const string Name = "TokenActors.Storage";

    private static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Source = new(Name);

    public static readonly Histogram<int> BatchSize =
        Meter.CreateHistogram<int>("tokenactors.commit.batch.size", "{row}", "Rows written together.");

    public static readonly Histogram<double> BatchDuration =
        Meter.CreateHistogram<double>(
            "tokenactors.commit.batch.duration", "s", "Time to write a group, with its transaction.");

    public static readonly Counter<long> Unavailable =
        Meter.CreateCounter<long>(
            "tokenactors.storage.unavailable", "{attempt}", "Times that the database could not be asked.");
}
