using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Hosting.Recurring;

namespace TokenActors.Hosting.Services;

/// <summary>Deletes what is kept for a time and is older, a page at a time. Silos may do so at the same time.</summary>
internal sealed partial class RetentionSweep(
    IEnumerable<Retention> retentions, IHostApplicationLifetime host, TimeProvider time, ILogger<RetentionSweep> logger)
    : RecurringService(host, TimeSpan.FromHours(1), atOnce: true)
{
    private const int Page = 1_000;

    private readonly ILogger _logger = logger;

    /// <summary>All of them; one that fails keeps no other from being deleted.</summary>
    protected override async Task Run(CancellationToken stopping)
    {
        List<Exception> failed = [];
        foreach (var retention in retentions)
        {
            try
            {
                await Sweep(retention, stopping);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                failed.Add(new InvalidOperationException($"Old {retention.What} could not be deleted.", e));
            }
        }

        if (failed.Count > 0)
        {
            throw new AggregateException(failed);
        }
    }

    private async Task Sweep(Retention retention, CancellationToken stopping)
    {
        var until = time.GetUtcNow() - retention.Kept;
        while (!stopping.IsCancellationRequested && await retention.Sweep(until, Page) == Page)
        {
        }
    }

    [LoggerMessage(3512, LogLevel.Warning, "What is old could not be deleted; it is tried again in an hour")]
    protected override partial void LogLater(Exception exception);
}
