using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using TokenActors.Silo.Configuration;

namespace TokenActors.Silo.Runtime;

/// <summary>Hosts the grains on Orleans: one silo in this process that nobody else joins.</summary>
internal static class GrainRuntime
{
    public const string Name = "Orleans";

    public static void AddGrains(this IHostApplicationBuilder builder, ServiceOptions options) => builder.UseOrleans(silo =>
    {
        silo.UseLocalhostClustering(siloPort: FreeLoopbackPort(), gatewayPort: 0, serviceId: options.ServiceId, clusterId: options.ClusterId);
        silo.AddReminders();
        silo.Configure<ReminderOptions>(reminders => reminders.RefreshReminderListPeriod = ServiceOptions.ReminderReadPeriod);
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ServiceOptions.ResponseTimeout);
        silo.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = ServiceOptions.ResponseTimeout);
    });

    /// <summary>A silo must listen; nobody calls it, so any free port will do.</summary>
    private static int FreeLoopbackPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
