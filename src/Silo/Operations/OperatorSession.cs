using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TokenActors.Silo.Configuration;
using TokenActors.Silo.Runtime;
using TokenActors.Storage;

namespace TokenActors.Silo.Operations;

/// <summary>
/// The grains, for one command: through the cluster where it lives, since its silos answer from memory; by a silo of its own where
/// nobody serves, which holds the service meanwhile.
/// </summary>
internal sealed class OperatorSession : IAsyncDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);

    private readonly IHost _host;

    private OperatorSession(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<OperatorSession> Open(ServiceOptions options, CancellationToken cancellationToken, string? bootstrap = null)
    {
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        connecting.CancelAfter(ConnectTimeout);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        if (await HasLiveCluster(options))
        {
            builder.AddOperatorClient(options);
        }
        else
        {
            await builder.AddEmbeddedSilo(options, TimeProvider.System, bootstrap ?? RefuseBootstrap);
        }

        var host = builder.Build();
        try
        {
            await host.StartAsync(connecting.Token);
            return new OperatorSession(host);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            host.Dispose();
            throw new InvalidOperationException("The cluster lives, and its silos cannot be reached from here.", e);
        }
    }

    /// <summary>Marks that this command must not found a service.</summary>
    public const string RefuseBootstrap = "";

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task<bool> HasLiveCluster(ServiceOptions options)
    {
        if (options.Storage.Provider == StorageOptions.Sqlite || !GrainRuntime.HasClusters)
        {
            return false;
        }

        using var loggers = LoggerFactory.Create(_ => { });
        await using var store = await StoreFactory.OpenMigrated(options.Storage, options.Cluster.ServiceId, TimeProvider.System, loggers);
        using var leases = store.Leases(options.Cluster.DeploymentId);
        return (await leases.Live()).Any(silo => !silo.StartsWith("embedded:", StringComparison.Ordinal));
    }
}
