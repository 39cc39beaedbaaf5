using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Lifecycle.Audit;

/// <summary>
/// The trail from a cursor on, oldest first, one row a line (NDJSON). It ends before the last minute, in which rows may
/// still appear before others; whoever goes on after the last line therefore misses none.
/// </summary>
internal sealed class AuditExport(ApiRequest request, ReadAudit first, IAuditGrain audit)
    : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "application/x-ndjson";
    private const int RowsAtOnce = 500;

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    public static bool IsWanted(ApiRequest request) => request.Http.Request.Headers.Accept.Any(
        accepted => accepted?.Contains(ContentType, StringComparison.OrdinalIgnoreCase) == true);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new OtherAnswer(ContentType, typeof(AuditWire)));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var organization = request.Bearer.Organization;
        var response = httpContext.Response;
        response.ContentType = ContentType;
        var page = first with { Descending = false, OnlySettled = true, Limit = RowsAtOnce };
        while (true)
        {
            var rows = await audit.Read(page, request.Aborted);
            foreach (var row in rows)
            {
                var line = AuditWire.From(row, organization, AuditQuery.CursorOf(row));
                await response.Body.WriteAsync(
                    JsonSerializer.SerializeToUtf8Bytes(line, LifecycleAuditJson.Wire.AuditWire), request.Aborted);
                await response.Body.WriteAsync(NewLine, request.Aborted);
            }

            if (rows.Length < RowsAtOnce)
            {
                return;
            }

            page = page with { AfterTime = rows[^1].At, AfterNumber = rows[^1].Number };
        }
    }
}
