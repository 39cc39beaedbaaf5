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

/// <summary>Hosts the grains on Orleans: a silo in the gateway's process that nobody joins, or one of a cluster.</summary>
internal static class SiloBuilding
{
    /// <summary>A silo by itself.</summary>
    public static void AddSingleSilo(this IHostApplicationBuilder builder, ServiceOptions options) => builder.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(
            siloPort: FreeLoopbackPort(), gatewayPort: 0, serviceId: options.Cluster.ServiceId, clusterId: options.Cluster.DeploymentId);
        AddCommon(silo);
    });

    /// <summary>
    /// A silo of a cluster whose membership stands in the database. The directory is the one that keeps a grain's activation unique while
    /// silos come and go; what it cannot know of silos that were declared dead, the lease says, so it need not wait for them again.
    /// </summary>
    /// <exception cref="SettingsException">a file of the TLS settings cannot be used</exception>
    public static void AddClusterSilo(
        this IHostApplicationBuilder builder, ServiceOptions options, TimeProvider time) => builder.UseOrleans(silo =>
    {
        var cluster = options.Cluster;
        silo.Configure<ClusterOptions>(o => (o.ServiceId, o.ClusterId) = (cluster.ServiceId, cluster.DeploymentId));
        silo.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (AdoNetInvariant(options.Storage), options.Storage.ConnectionString!));
        silo.ConfigureEndpoints(cluster.SiloPort, cluster.GatewayPort, listenOnAnyHostAddress: cluster.AdvertisedAddress is null);
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

    /// <summary>What the ADO.NET provider calls the database's driver.</summary>
    public static string AdoNetInvariant(StorageOptions storage) => storage.Provider switch
    {
        DatabaseProvider.PostgreSql => "Npgsql",
        DatabaseProvider.SqlServer => "Microsoft.Data.SqlClient",
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

        silo.Configure<ReminderOptions>(reminders => reminders.RefreshReminderListPeriod = ServiceOptions.ReminderReadPeriod);
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ServiceOptions.ResponseTimeout);
        silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ServiceOptions.ResponseTimeout);
    }

    /// <summary>A silo must listen; nobody calls it, so any free port will do.</summary>
    private static int FreeLoopbackPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
