using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Usage;

namespace TokenActors.Hosting.Services;

/// <summary>Asks the grain that counts the service's tokens every few minutes, and exports what it says.</summary>
internal sealed partial class TokenCensusExport(
    IGrainFactory grains, IHostApplicationLifetime host, TimeProvider time, ILogger<TokenCensusExport> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A call that is made before the silo has started holds up the start.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var starting = host.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(TokenCensusGrain.Every, time);
            do
            {
                await Export(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Export(CancellationToken stoppingToken)
    {
        try
        {
            TokenCensusTelemetry.Counted(await grains.GetGrain<ITokenCensusGrain>(ITokenCensusGrain.Key).Get(stoppingToken));
        }
        catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            // The silo does more than count: it does not end for this.
            LogLater(e);
        }
    }

    [LoggerMessage(3513, LogLevel.Warning, "The service's tokens could not be counted; it is tried again in five minutes")]
    private partial void LogLater(Exception exception);
}
