using Microsoft.Extensions.Hosting;
using TokenActors.Silo.Configuration;

namespace TokenActors.Silo.Runtime;

/// <summary>There is no cluster to be a client of.</summary>
public static class ClusterClient
{
    /// <summary>Why client mode cannot be used in this build; null where it can.</summary>
    public static string? Problem => "this build runs on Orleans.Local, which is one process: build it with the Orleans packages";

    public static void AddClusterClient(this IHostApplicationBuilder builder, ClusterSettings cluster) => throw new NotSupportedException(Problem);

    internal static void AddOperatorClient(this IHostApplicationBuilder builder, ServiceOptions options) => throw new NotSupportedException(Problem);
}
