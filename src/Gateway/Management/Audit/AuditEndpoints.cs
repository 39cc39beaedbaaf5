using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Time;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Audit;

namespace TokenActors.Gateway.Management.Audit;

/// <summary>
/// <c>GET /v1/audit/organizations</c>: one entry for every call that changed something or was refused. A bearer that is
/// narrowed to some accounts sees what was about them.
/// </summary>
internal sealed class AuditEndpoints : IListSchema
{
    public static ListSchema Schema => AuditList.Schema;

    public static void Map(RouteGroupBuilder v1) =>
        v1.MapResource("/audit", "audit").MapGet("/organizations", List).Needs("audit:list").WithName("audit_list");

    private static async Task<Results<JsonList<ListEnvelope<AuditWire>>, Refusal>> List(
        ApiRequest request, ListQuery<AuditEndpoints> query, IGrainFactory grains)
    {
        List<RequestError> errors = [];
        if (query.Orders.Count > 1
            || query.Orders.Any(order => !order.StartsWith("created_at", StringComparison.Ordinal)))
        {
            errors.Add(new RequestError("order", "query", "must be created_at[asc] or created_at[desc], once"));
        }

        if (query.StartAfter is { } after && !Rfc3339.TryParse(after, out _))
        {
            errors.Add(new RequestError("start_after", "query", "must be the created_at of the last entry seen"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var bearer = request.Bearer;
        var organization = bearer.Organization;
        var whole = bearer.Caller.Grant.IsWholeIn(organization, "audit:list");
        var calls = await grains.GetGrain<IAuditGrain>("0").List(new AuditListRequest
        {
            OrganizationId = bearer.OrganizationId,
            Limit = query.Limit,
            StartAfter = query.StartAfter,
            Descending = query.Orders is ["created_at[desc]"],
            Filters = [.. query.Filters],
            Accounts = whole ? null : [.. bearer.Caller.Grant.WholeAccountsIn(organization, "audit:list")],
        }, request.Aborted);
        return new JsonList<ListEnvelope<AuditWire>>(
            new([.. calls.Select(AuditWire.From)]), AuditJson.Wire.ListEnvelopeAuditWire);
    }
}

/// <summary><c>Audit</c>. Bodies are not kept.</summary>
internal sealed record AuditWire
{
    public required string Environment { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string RemoteAddr { get; init; }

    public required string UserAgent { get; init; }

    public required string AuditType { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required string Code { get; init; }

    /// <summary>What happened, and to what.</summary>
    public required string Response { get; init; }

    /// <summary><c>done</c>, or why not.</summary>
    public required string Status { get; init; }

    public string? MemberId { get; init; }

    public string? AccountId { get; init; }

    public string? IntegrationId { get; init; }

    public static AuditWire From(AuditedCall call) => new()
    {
        Environment = "",
        CreatedAt = call.At,
        RemoteAddr = call.Origin.RemoteAddress ?? "",
        UserAgent = call.Origin.UserAgent ?? "",
        AuditType = "API",
        Method = call.Origin.Method ?? "",
        Path = call.Origin.Path ?? "",
        Code = call.Code ?? "",
        Response = call.Count is { } count ? $"{call.Event} {call.Subject} {count}x" : $"{call.Event} {call.Subject}",
        Status = call.Outcome,
        MemberId = call.MemberId,
        AccountId = call.AccountId,
        IntegrationId = call.IntegrationId,
    };
}
