using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TokenActors.WebConsole.Keys;

/// <summary>
/// Reads the keys at the start, and once an hour from then on. Where they could not be read, the next page tries again;
/// everything else of the gateway does not wait for them.
/// </summary>
internal sealed partial class KeyRefresh(
    SharedKeys keys, IKeySource source, IHostApplicationLifetime host, TimeProvider time, ILogger<KeyRefresh> logger)
    : BackgroundService
{
    private static readonly TimeSpan Each = TimeSpan.FromHours(1);

    /// <summary>Every page tries while there are none; one warning a minute says as much as thousands.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private long _warnedAt = -1;

    /// <summary>Whether there are keys now.</summary>
    public async Task<bool> AreThere(CancellationToken cancellationToken) =>
        keys.AreThere || await TryRead(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A new service founds its organization first.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var starting = host.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            await TryRead(stoppingToken);
            await Task.Delay(Each, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryRead(CancellationToken cancellationToken)
    {
        try
        {
            keys.Replace(await source.Read(cancellationToken));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Warn(e);
        }
        catch (OperationCanceledException)
        {
            // The host stops, or the client has left.
        }

        return keys.AreThere;
    }

    private void Warn(Exception exception)
    {
        var (now, last) = (time.GetTimestamp(), Interlocked.Read(ref _warnedAt));
        var isQuiet = last >= 0 && time.GetElapsedTime(last, now) < Quiet;
        if (!isQuiet && Interlocked.CompareExchange(ref _warnedAt, now, last) == last)
        {
            LogNoKeys(exception);
        }
    }

    [LoggerMessage(4301, LogLevel.Warning, "the keys of the console cannot be read")]
    private partial void LogNoKeys(Exception exception);
}
