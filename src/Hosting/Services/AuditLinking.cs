using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Hosting.Recurring;
using TokenActors.Storage;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting.Services;

/// <summary>Links audit rows into the chain every few seconds, so that no caller waits for it.</summary>
internal sealed partial class AuditLinking(
    RecordStore store, PepperRing ring, IHostApplicationLifetime host, TimeProvider time, ILogger<AuditLinking> logger)
    : RecurringService(host, TimeSpan.FromSeconds(5))
{
    private const int EnteredATick = 100;

    /// <summary>
    /// Far longer than a commit takes: a row gets its number before it is committed, so a lower one may still come.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly AuditChain _chain = new(store.Links, ring);
    private readonly ILogger _logger = logger;

    protected override async Task Run(CancellationToken stopping)
    {
        // One time for all: with a later one for each link the loop would make links of a few rows.
        var now = time.GetUtcNow();
        while (!stopping.IsCancellationRequested && await _chain.LinkNext(now, Settled) > 0)
        {
        }

        // What an older release linked is entered a part at a time, so that linking goes on meanwhile.
        for (var entered = 0; entered < EnteredATick && await store.History.EnterNext(); entered++)
        {
        }

        for (var entered = 0; entered < EnteredATick && await store.SortedTokens.EnterNext(); entered++)
        {
        }
    }

    [LoggerMessage(3501, LogLevel.Warning, "Audit rows could not be linked; it is tried again every few seconds")]
    protected override partial void LogLater(Exception exception);
}
