using System.Reflection;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Cluster;
using TokenActors.Hosting.Recurring;

namespace TokenActors.Gateway.Lifecycle.Cluster;

/// <summary>
/// Says every 20 seconds that this gateway runs: silos know of gateways only what these say. Nobody misses it where it
/// cannot be said.
/// </summary>
internal sealed partial class GatewayAnnouncement(
    IGrainFactory grains, GatewayOptions options, IHostApplicationLifetime host, TimeProvider time,
    ILogger<GatewayAnnouncement> logger) : RecurringService(host, TimeSpan.FromSeconds(20))
{
    private readonly ILogger _logger = logger;

    private readonly GatewayNote _note = new()
    {
        Name = $"{Environment.MachineName}/{Environment.ProcessId}",
        Version = typeof(GatewayAnnouncement).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "",
        StartedAt = time.GetUtcNow().CutToMicroseconds(),
        IsEmbedded = !options.IsClient,
    };

    /// <summary>Before an answer, so that the gateway that gives it is in it.</summary>
    public Task Say() => grains.GetGrain<IClusterGrain>("0").Announce(_note);

    protected override Task Run(CancellationToken stopping) => Say();

    [LoggerMessage(4011, LogLevel.Warning, "The cluster could not be told of this gateway; it is tried again every 20 seconds")]
    protected override partial void LogLater(Exception exception);
}
