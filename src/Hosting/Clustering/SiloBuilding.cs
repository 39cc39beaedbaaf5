using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using TokenActors.Grains.Foundation;
using TokenActors.Hosting.Configuration;
using TokenActors.Hosting.Tls;
using TokenActors.Storage;

namespace TokenActors.Hosting.Clustering;

/// <summary>
/// Adds a silo to a host: one in the gateway's process, which no other silo joins, or one of a cluster.
/// </summary>
internal static class SiloBuilding
{
    /// <summary>A silo that is a cluster by itself.</summary>
    public static void AddSingleSilo(this IHostApplicationBuilder builder, ServiceOptions options) =>
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                siloPort: FreeLoopbackPort(),
                gatewayPort: 0,
                serviceId: options.Cluster.ServiceId,
                clusterId: options.Cluster.DeploymentId);
            AddCommon(silo);
        });

    /// <summary>
    /// A silo of a cluster whose membership table is in the database. Grains are registered in the distributed
    /// directory, which keeps activations unique while silos join and leave. It does not wait again for silos that were
    /// declared dead: the statement that declares a silo dead waits for its lease.
    /// </summary>
    /// <exception cref="SettingsException">a file of the TLS settings cannot be used</exception>
    public static void AddClusterSilo(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time) => builder.UseOrleans(silo =>
    {
        var cluster = options.Cluster;
        silo.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (cluster.ServiceId, cluster.DeploymentId));
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = AdoNetOf(options.Storage));
        silo.ConfigureEndpoints(
            cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: cluster.AdvertisedAddress is null);
        if (cluster.AdvertisedAddress is { } address)
        {
            silo.Configure<EndpointOptions>(o => o.AdvertisedIPAddress = IPAddress.Parse(address));
        }

#pragma warning disable ORLEANSEXP003 // The directory is marked experimental; decision 15 says why it is used.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        silo.Configure<GrainDirectoryOptions>(o => o.RangeLeaseDuration = TimeSpan.Zero);
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = TimeSpan.FromSeconds(1);
            o.NumMissedProbesLimit = 3;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        });
        AddCommon(silo);
        silo.UsePeerConnections(cluster.Tls, time);
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LeaseParticipant>();
    });

    /// <summary>The database as Orleans' ADO.NET clustering names it.</summary>
    public static (string Invariant, string ConnectionString) AdoNetOf(StorageOptions storage) => storage switch
    {
        { Provider: DatabaseProvider.PostgreSql, ConnectionString: { } server } => ("Npgsql", server),
        { Provider: DatabaseProvider.SqlServer, ConnectionString: { } server } => ("Microsoft.Data.SqlClient", server),
        _ => throw new ArgumentException($"no cluster on {storage.Provider}", nameof(storage)),
    };

    private static void AddCommon(ISiloBuilder silo)
    {
        silo.AddReminders();
        silo.AddIncomingGrainCallFilter<StorageFaultFilter>();
        if (Telemetry.Telemetry.IsOn)
        {
            silo.AddActivityPropagation();
        }

        silo.Configure<ReminderOptions>(o => o.RefreshReminderListPeriod = ServiceOptions.ReminderReadPeriod);
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = ServiceOptions.ResponseTimeout);
        silo.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ServiceOptions.ResponseTimeout);
    }

    /// <summary>Orleans has every silo listen. Nothing connects to this one, so any free port will do.</summary>
    private static int FreeLoopbackPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
