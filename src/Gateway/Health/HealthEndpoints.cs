using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Organizations;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Hosting.Clustering;

namespace TokenActors.Gateway.Health;

/// <summary>What a probe is told.</summary>
/// <param name="Status">in a word</param>
/// <param name="Reason">what the operator has to mend; left out where nothing is known</param>
internal sealed record HealthReport(string Status, string? Reason = null);

/// <summary>
/// <c>startup</c> and <c>live</c>: the process answers. <c>ready</c>: a grain answered from the database, so that
/// requests can be served.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").ExcludeFromDescription();
        health.MapGet("/startup", Ok);
        health.MapGet("/live", Ok);
        health.MapGet("/ready", Ready);
    }

    /// <summary>Probes are answered before there is a cluster to ask.</summary>
    public static bool IsAnsweredAlways(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal);

    private static JsonOk<HealthReport> Ok() => new(new HealthReport("ok"), HealthJson.Wire.HealthReport);

    private static async Task<Results<JsonOk<HealthReport>, JsonStatus<HealthReport>>> Ready(
        IGrainFactory grains, IServiceProvider services)
    {
        if (services.GetService<ClusterConnection>() is { IsMade: false } connection)
        {
            return Unavailable(connection.Problem);
        }

        try
        {
            _ = await grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root);
            return Ok();
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            return Unavailable(null);
        }
    }

    private static JsonStatus<HealthReport> Unavailable(string? reason) => new(
        new("unavailable", reason), HealthJson.Wire.HealthReport, StatusCodes.Status503ServiceUnavailable);
}
