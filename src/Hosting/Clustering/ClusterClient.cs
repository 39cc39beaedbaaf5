using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Messaging;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Tls;

namespace TokenActors.Hosting.Clustering;

/// <summary>Adds an Orleans client of a cluster of silos, which tries to connect until the host stops.</summary>
public static partial class ClusterClient
{
    private static readonly TimeSpan GatewaysReadEvery = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the client of a gateway. It finds silos by name, so that it needs no access to the database.
    /// </summary>
    /// <exception cref="SettingsException">a file of the TLS settings cannot be used</exception>
    public static void AddClusterClient(
        this IHostApplicationBuilder builder, ClusterSettings cluster, TimeProvider time) =>
        builder.UseOrleansClient(client =>
        {
            AddCommon(client, cluster, time);

            // While no silo is there it says so four times for each request.
            client.Services.AddLogging(
                logging => logging.AddFilter("Orleans.Messaging.GatewayManager", LogLevel.Error));
            client.Services.AddSingleton<IGatewayListProvider>(services =>
                new DnsGatewayList(cluster.EndPoints, services.GetRequiredService<ILogger<DnsGatewayList>>()));
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = GatewaysReadEvery);
            client.Configure<TypeManagementOptions>(o => o.TypeMapRefreshInterval = GatewaysReadEvery);
            client.Services.AddSingleton<ClusterConnection>();
            client.Services.AddSingleton<ISiloPrograms, SiloPrograms>();
            client.UseConnectionRetryFilter<ConnectionRetry>();
            client.Services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>, ConnectionParticipant>();
        });

    /// <summary>Adds a client that finds silos in the database, for the operator's commands.</summary>
    /// <exception cref="SettingsException">a file of the TLS settings cannot be used</exception>
    internal static void AddOperatorClient(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time) =>
        builder.UseOrleansClient(client =>
        {
            AddCommon(client, options.Cluster, time);
            client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = SiloBuilding.AdoNetOf(options.Storage));
            client.UseConnectionRetryFilter((_, stopping) => ConnectionRetry.Pause(stopping));
        });

    private static void AddCommon(IClientBuilder client, ClusterSettings cluster, TimeProvider time)
    {
        client.UsePeerConnections(cluster.Tls, time);
        client.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (cluster.ServiceId, cluster.DeploymentId));
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ServiceOptions.ResponseTimeout);
        if (Telemetry.Telemetry.IsOn)
        {
            client.AddActivityPropagation();
        }
    }

    private sealed class ConnectionParticipant(ClusterConnection connection)
        : ILifecycleParticipant<IClusterClientLifecycle>
    {
        public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(
            nameof(ClusterConnection), ServiceLifecycleStage.Active, _ => Set(true), _ => Set(false));

        private Task Set(bool made)
        {
            connection.IsMade = made;
            connection.Problem = null;
            return Task.CompletedTask;
        }
    }

    /// <summary>
    /// Resolves the configured names to addresses. A name that cannot be resolved keeps its last addresses.
    /// </summary>
    private sealed partial class DnsGatewayList(IReadOnlyList<DnsEndPoint> names, ILogger<DnsGatewayList> logger)
        : IGatewayListProvider
    {
        private readonly Dictionary<DnsEndPoint, IReadOnlyList<Uri>> _known = [];

        public TimeSpan MaxStaleness => GatewaysReadEvery;

        public bool IsUpdatable => true;

        public Task InitializeGatewayListProvider() => Task.CompletedTask;

        public async Task<IList<Uri>> GetGateways()
        {
            foreach (var name in names)
            {
                try
                {
                    var addresses = await Dns.GetHostAddressesAsync(name.Host);
                    _known[name] =
                        [.. addresses.Select(address => SiloAddress.New(address, name.Port, 0).ToGatewayUri())];
                }
                catch (SocketException e)
                {
                    LogUnresolved(name.Host, e.Message);
                }
            }

            return [.. _known.Values.SelectMany(uris => uris).Distinct()];
        }

        [LoggerMessage(3201, LogLevel.Warning, "{Host} cannot be resolved: {Reason}")]
        private partial void LogUnresolved(string host, string reason);
    }
}
