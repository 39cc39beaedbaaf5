using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Hosting.Recurring;

namespace TokenActors.Hosting.Services;

/// <summary>Deletes what is kept for a time and is older, a page at a time. Silos may do so at the same time.</summary>
internal sealed partial class RetentionSweep(
    IEnumerable<Retention> retentions, IHostApplicationLifetime host, TimeProvider time, ILogger<RetentionSweep> logger)
    : RecurringService(host, TimeSpan.FromHours(1), atOnce: true, time)
{
    private const int Page = 1_000;

    private readonly ILogger _logger = logger;
    private readonly TimeProvider _time = time;

    /// <summary>What failed the last time, and was told of.</summary>
    private readonly HashSet<string> _late = [];

    /// <summary>
    /// All of them; one that fails keeps no other from being deleted, and what fails beside another is told of too.
    /// </summary>
    protected override async Task Run(CancellationToken stopping)
    {
        foreach (var retention in retentions)
        {
            try
            {
                await Sweep(retention, stopping);
                _late.Remove(retention.What);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                if (_late.Add(retention.What))
                {
                    LogLate(retention.What, e);
                }
            }
        }
    }

    protected override void LogLater(Exception exception) => LogLate("things", exception);

    private async Task Sweep(Retention retention, CancellationToken stopping)
    {
        var until = _time.GetUtcNow() - retention.Kept;
        while (!stopping.IsCancellationRequested && await retention.Sweep(until, Page) == Page)
        {
        }
    }

    [LoggerMessage(3512, LogLevel.Warning, "Old {What} could not be deleted; it is tried again in an hour")]
    private partial void LogLate(string what, Exception exception);
}
