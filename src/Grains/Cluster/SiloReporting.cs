using Microsoft.Extensions.DependencyInjection;

namespace TokenActors.Grains.Cluster;

/// <summary>Registers what a silo says of itself.</summary>
public static class SiloReporting
{
    public static void AddSiloReports(this IServiceCollection services)
    {
        services.AddGrainService<SiloReports>();
        services.AddSingleton<ISiloReportsClient, SiloReportsClient>();
    }
}
