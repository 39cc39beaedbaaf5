using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TokenActors.Storage.Writing;

/// <summary>
/// The store's spans and metrics: a span for each commit as its caller sees it, the size and the duration of each
/// group. Bounds are advised, since those that a histogram has otherwise are meant for milliseconds.
/// </summary>
internal static class StorageTelemetry
{
    public const string Name = "TokenActors.Storage";

    private static readonly Meter Meter = new(Name);

    public static readonly ActivitySource Source = new(Name);

    public static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>(
        "tokenactors.commit.batch.size", "{row}", "Rows written together.", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    public static readonly Histogram<double> BatchDuration =
        Meter.CreateHistogram<double>(
            "tokenactors.commit.batch.duration", "s", "Time to write a group, with its transaction.", tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
            });

    public static readonly Counter<long> Unavailable =
        Meter.CreateCounter<long>(
            "tokenactors.storage.unavailable", "{attempt}", "Times that the database could not be asked.");
}
