using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Lifecycle.Audit;

/// <summary>
/// <c>/lifecycle/v1/audit</c>: the calls that changed something or were refused, each with what proves it. A bearer
/// that is narrowed to some accounts sees what was about them.
/// </summary>
internal static class AuditRoutes
{
    public static void MapAudit(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapGet("/audit", List).Needs("audit:list").WithName("audit_read").WithTags("audit")
            .WithSummary("List the audit trail, or export it as NDJSON with the codes that prove it");

    private static async Task<Results<JsonOk<AuditPageWire>, AuditExport>> List(
        ApiRequest request, AuditQuery query, IGrainFactory grains)
    {
        var audit = grains.GetGrain<IAuditGrain>("0");
        if (AuditExport.IsWanted(request))
        {
            return new AuditExport(request, query.Request, audit);
        }

        var organization = request.Bearer.Organization;
        var rows = await audit.Read(query.Request, request.Aborted);
        var next = rows.Length == query.Request.Limit ? AuditQuery.CursorOf(rows[^1]) : null;
        return new JsonOk<AuditPageWire>(
            new([.. rows.Select(row => AuditWire.From(row, organization))], next), LifecycleAuditJson.Wire.AuditPageWire);
    }
}
