using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Services;

/// <summary>Deletes what is kept for a time and is older, a page at a time. Silos may do so at the same time.</summary>
internal sealed partial class RetentionSweep(
    IEnumerable<Retention> retentions, TimeProvider time, ILogger<RetentionSweep> logger) : BackgroundService
{
    private const int Page = 1_000;

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            do
            {
                foreach (var retention in retentions)
                {
                    await Sweep(retention, stoppingToken);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    internal async Task Sweep(Retention retention, CancellationToken stoppingToken)
    {
        try
        {
            var until = time.GetUtcNow() - retention.Kept;
            while (!stoppingToken.IsCancellationRequested && await retention.Sweep(until, Page) == Page)
            {
            }
        }
        catch (StorageUnavailableException e)
        {
            LogLater(retention.What, e);
        }
    }

    [LoggerMessage(3512, LogLevel.Warning, "Old {What} could not be deleted; it is tried again in an hour")]
    private partial void LogLater(string what, Exception exception);
}
