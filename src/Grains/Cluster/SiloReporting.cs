using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TokenActors.Grains.Cluster;

/// <summary>Registers what a silo says of itself.</summary>
public static class SiloReporting
{
    public static void AddSiloReports(this IServiceCollection services)
    {
        services.AddGrainService<SiloReports>();

        // The runtime tells under this name which part of the ring it has, which is no matter here.
        services.AddLogging(logging => logging.AddFilter(typeof(SiloReports).FullName, LogLevel.Warning));
        services.AddSingleton<ISiloReportsClient, SiloReportsClient>();
    }
}
