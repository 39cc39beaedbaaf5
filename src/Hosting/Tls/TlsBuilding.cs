using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Hosting.Tls;

/// <summary>Adds TLS to the connections of silos and clients where it is configured.</summary>
internal static class TlsBuilding
{
    /// <summary>Loads a silo's files before anything is started.</summary>
    /// <exception cref="SettingsException">names the file that cannot be used, and why</exception>
    public static void CheckSilo(TlsSettings? settings, TimeProvider time)
    {
        if (settings is not null)
        {
            TlsIdentity.Load(settings, TlsUse.Silo, time.GetUtcNow());
        }
    }

    /// <exception cref="SettingsException">names the file that cannot be used, and why</exception>
    public static void UsePeerConnections(this ISiloBuilder silo, TlsSettings? settings, TimeProvider time)
    {
        silo.Services.AddPeerConnections(settings, TlsUse.Silo, time);
        silo.Services.AddOptions<SiloConnectionOptions>().Configure<PeerConnections>((options, connections) =>
        {
            options.ConfigureSiloInboundConnection(connections.Accept);
            options.ConfigureGatewayInboundConnection(connections.Accept);
            options.ConfigureSiloOutboundConnection(connections.Connect);
        });
    }

    /// <exception cref="SettingsException">names the file that cannot be used, and why</exception>
    public static void UsePeerConnections(this IClientBuilder client, TlsSettings? settings, TimeProvider time)
    {
        client.Services.AddPeerConnections(settings, TlsUse.Client, time);
        client.Services.AddOptions<ClientConnectionOptions>().Configure<PeerConnections>((options, connections) =>
            options.ConfigureConnection(connections.Connect));
    }

    private static void AddPeerConnections(
        this IServiceCollection services, TlsSettings? settings, TlsUse use, TimeProvider time)
    {
        if (settings is not null)
        {
            // Loaded here, so that an unusable file fails the start and not the first connection.
            var first = TlsIdentity.Load(settings, use, time.GetUtcNow());
            services.AddSingleton(provider => new CertificateSource(
                settings, use, first, time, provider.GetRequiredService<ILogger<CertificateSource>>()));
        }

        services.AddSingleton(provider => new RefusalLog(time, provider.GetRequiredService<ILogger<RefusalLog>>()));
        services.AddSingleton(provider => new PeerConnections(
            provider.GetService<CertificateSource>(), provider.GetRequiredService<RefusalLog>(), time));
    }
}
