using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Organizations;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Cluster;
using TokenActors.Grains.Abstractions.Organizations;

namespace TokenActors.Gateway.Lifecycle.Cluster;

/// <summary><c>GET /lifecycle/v1/cluster</c>: what the service runs on, for those who run it.</summary>
internal static class ClusterRoutes
{
    public static void MapCluster(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapGet("/cluster", Get).Needs("organizations:get").WithMetadata(new WholeGrant())
            .WithName("cluster_get").WithTags("cluster")
            .WithSummary("Read what the service runs on; of the root organization");

    /// <summary>It concerns all organizations, so that only the root organization is told.</summary>
    private static async Task<Results<JsonOk<ClusterWire>, Refusal>> Get(
        ApiRequest request, LifecycleApi api, IGrainFactory grains, GatewayAnnouncement announcement, TimeProvider time)
    {
        var organization = await grains.GetGrain<IOrganizationGrain>(request.Bearer.Organization).Get(request.Aborted);
        if (organization?.Type != OrganizationType.Root)
        {
            return api.Error(
                ApiError.Forbidden("this concerns the service, and is for bearers of its root organization"));
        }

        await announcement.Say();
        var report = await grains.GetGrain<IClusterGrain>("0").Report(request.Aborted);
        return new JsonOk<ClusterWire>(ClusterWire.From(report, time.GetUtcNow()), ClusterJson.Wire.ClusterWire);
    }
}
