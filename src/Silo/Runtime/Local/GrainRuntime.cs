using Microsoft.Extensions.Hosting;
using TokenActors.Grains.Tokens;
using TokenActors.Silo.Configuration;

namespace TokenActors.Silo.Runtime;

/// <summary>Hosts the grains on <c>Orleans.Local</c>: one process, no cluster.</summary>
internal static class GrainRuntime
{
    public const string Name = "Orleans.Local (single process)";

    public static void AddGrains(this IHostApplicationBuilder builder, ServiceOptions options)
    {
        _ = options;
        builder.Services.AddLocalSilo(silo =>
        {
            silo.GrainAssemblies.Add(typeof(RefreshTokenGrain).Assembly);
            silo.ResponseTimeout = ServiceOptions.ResponseTimeout;
            silo.ReminderRefreshPeriod = ServiceOptions.ReminderReadPeriod;
        });
    }

    public static void AddClusterGrains(this IHostApplicationBuilder builder, ServiceOptions options) =>
        throw new NotSupportedException(ClusterClient.Problem);
}
