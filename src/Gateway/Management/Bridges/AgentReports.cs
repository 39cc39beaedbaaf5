using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Bridges;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Bridges;

/// <summary>
/// <c>POST /v1/bridges/{accountId}/{bridgeId}/report</c>, by which agents tell how they are. A route of this service's
/// own: it takes the credential of that bridge and no other bearer.
/// </summary>
internal static class AgentReports
{
    private const int LargestReport = 16 * 1024;

    private static readonly TimeSpan UntilSomeAreSilent = TimeSpan.FromMinutes(1);

    public static void MapReports(this RouteGroupBuilder v1) =>
        v1.MapGroup("/bridges").WithTags("bridges")
            .AddEndpointFilter(new OwnTokenFilter("bridge", "bridgeId", audience => audience == TokenAudience.Bridge))
            .AddEndpointFilter<RequestFilter>().AcceptsJsonOnly()
            .Fails<Problem, RouteGroupBuilder>(400, 401, 402, 404, 415, 429, 503)
            .MapPost("/{accountId}/{bridgeId}/report", Report).WithName("bridges_report");

    private static async Task<Results<NoContent, Refusal>> Report(
        ApiRequest request, string bridgeId, Body<AgentReportRequest> body, IGrainFactory grains)
    {
        // As many agents as there may be stay in memory with their last reports.
        if ((await request.Body()).Length > LargestReport)
        {
            return Problems.Invalid("", "body", $"must have at most {LargestReport} bytes");
        }

        var bridge = grains.GetGrain<IBridgeGrain>(request.Bearer.Token.OwnerId);
        return await bridge.Report(body.Value.ToReport(), request.Aborted) switch
        {
            null => TypedResults.NoContent(),
            ResourceRefusal.TooManyItems => Problems.TooManyRequests(UntilSomeAreSilent),
            var refusal => ResourceRefusals.ToProblem(refusal.Value, "bridge", bridgeId),
        };
    }
}
