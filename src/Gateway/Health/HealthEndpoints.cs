using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Organizations;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Health;

/// <summary>What a probe is told.</summary>
internal sealed record HealthReport(string Status);

/// <summary>
/// <c>startup</c> and <c>live</c>: the process answers. <c>ready</c>: a grain answered from the database, so that
/// requests can be served.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").ExcludeFromDescription();
        health.MapMethods("/startup", Methods, Ok);
        health.MapMethods("/live", Methods, Ok);
        health.MapMethods("/ready", Methods, Ready);
    }

    /// <summary>Probes that are answered whatever the grains can do.</summary>
    public static bool IsAboutTheProcess(PathString path) => path == "/health/startup" || path == "/health/live";

    private static JsonOk<HealthReport> Ok() => new(new HealthReport("ok"), HealthJson.Wire.HealthReport);

    private static async Task<Results<JsonOk<HealthReport>, JsonStatus<HealthReport>>> Ready(IGrainFactory grains)
    {
        try
        {
            _ = await grains.GetGrain<ICatalogGrain>("0").FindOrganization(null, OrganizationType.Root);
            return Ok();
        }
        catch (Exception e) when (GrainCalls.IsUnavailable(e))
        {
            return new JsonStatus<HealthReport>(
                new("unavailable"), HealthJson.Wire.HealthReport, StatusCodes.Status503ServiceUnavailable);
        }
    }
}
