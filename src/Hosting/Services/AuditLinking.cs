using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Storage;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Hosting.Services;

/// <summary>Links audit rows into the chain every few seconds, so that no caller waits for it.</summary>
internal sealed partial class AuditLinking(
    RecordStore store, PepperRing ring, TimeProvider time, ILogger<AuditLinking> logger) : BackgroundService
{
    private const int EnteredATick = 100;

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Far longer than a commit takes: a row gets its number before it is committed, so a lower one may still come.
    /// </summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var chain = new AuditChain(store.Links, ring);
        var isLate = false;
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    // One time for the whole tick: with a later one for each link the loop would make links of a few
                    // rows.
                    var now = time.GetUtcNow();
                    while (!stoppingToken.IsCancellationRequested && await chain.LinkNext(now, Settled) > 0)
                    {
                    }

                    // What an older release linked is entered a part at a time, so that linking goes on meanwhile.
                    for (var entered = 0; entered < EnteredATick && await store.History.EnterNext(); entered++)
                    {
                    }

                    for (var entered = 0; entered < EnteredATick && await store.SortedTokens.EnterNext(); entered++)
                    {
                    }

                    isLate = false;
                }
                catch (Exception e) when (e is StorageUnavailableException or DbException)
                {
                    // A row that the database cannot read must not end the silo, which would end again with its next start.
                    if (!isLate)
                    {
                        LogLater(e);
                    }

                    isLate = true;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(3501, LogLevel.Warning, "Audit rows could not be linked; it is tried again every few seconds")]
    private partial void LogLater(Exception exception);
}
