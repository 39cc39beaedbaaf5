using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Grains.Abstractions.Usage;
using TokenActors.Grains.Usage;
using TokenActors.Hosting.Recurring;

namespace TokenActors.Hosting.Services;

/// <summary>Asks the grain that counts the service's tokens every few minutes, and exports what it says.</summary>
internal sealed partial class TokenCensusExport(
    IGrainFactory grains, IHostApplicationLifetime host, TimeProvider time, ILogger<TokenCensusExport> logger)
    : RecurringService(host, TokenCensusGrain.Every, atOnce: true, time)
{
    private readonly ILogger _logger = logger;

    protected override async Task Run(CancellationToken stopping) =>
        TokenCensusTelemetry.Counted(await grains.GetGrain<ITokenCensusGrain>(ITokenCensusGrain.Key).Get(stopping));

    [LoggerMessage(3513, LogLevel.Warning, "The service's tokens could not be counted; it is tried again in five minutes")]
    protected override partial void LogLater(Exception exception);
}
