using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Services;

/// <summary>Deletes executions that are older than four weeks, a page at a time. Silos may do so at the same time.</summary>
internal sealed partial class HistorySweep(IExecutionStore history, TimeProvider time, ILogger<HistorySweep> logger)
    : BackgroundService
{
    private const int Page = 1_000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(28);

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            do
            {
                await Sweep(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    internal async Task Sweep(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested && await history.Sweep(time.GetUtcNow() - Kept, Page) == Page)
            {
            }
        }
        catch (StorageUnavailableException e)
        {
            LogLater(e);
        }
    }

    [LoggerMessage(3512, LogLevel.Warning, "Old executions could not be deleted; it is tried again in an hour")]
    private partial void LogLater(Exception exception);
}
