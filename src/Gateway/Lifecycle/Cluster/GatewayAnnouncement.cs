using System.Reflection;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Cluster;

namespace TokenActors.Gateway.Lifecycle.Cluster;

/// <summary>
/// Says every 20 seconds that this gateway runs: silos know of gateways only what these say. Nobody misses it where it
/// cannot be said.
/// </summary>
internal sealed class GatewayAnnouncement(IGrainFactory grains, GatewayOptions options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(20);

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(SaidEvery, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Say();
            }
            catch (Exception e) when (GrainCalls.IsUnavailable(e))
            {
                // The next one is soon enough.
            }
        }
    }
}
