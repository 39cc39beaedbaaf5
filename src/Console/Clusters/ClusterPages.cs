using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Clusters;

/// <summary>What the service runs on, for the root organization.</summary>
internal static class ClusterPages
{
    public static void MapCluster(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/cluster", Show).WithName("console_cluster");

    private static async Task<IResult> Show(ConsoleRequest request) => request.Show<ClusterView>("Cluster", new()
    {
        [nameof(ClusterView.Cluster)] = await request.Api.Cluster(request.Aborted),
    });
}
