using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Time;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Capabilities;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Status;

namespace TokenActors.Gateway.Management.Status;

/// <summary>The list of an integration's events.</summary>
internal sealed class StatusEventList : IListSchema
{
    public static ListSchema Schema => StatusLists.Events;
}

/// <summary>
/// <c>/v1/status</c>: what integrations are used for. A connector reports by a route of this service's own, with the
/// token of the integration.
/// </summary>
internal static class StatusEndpoints
{
    private const string Kind = "integration";

    public static void MapStatus(this RouteGroupBuilder v1)
    {
        var status = v1.MapResource("/status", "status");
        status.MapGet("", List).Needs("status:list").WithName("status_list");
        status.MapGet("/timeseries", GetTimeseries).Needs("status:timeseries").WithName("status_get_timeseries");
        status.MapGet("/{accountId}/{integrationId}", Get).Needs("status:get").WithName("status_get");
        status.MapPut("/{accountId}/{integrationId}", Reset).Needs("status:reset").WithName("status_reset");
        status.MapGet("/{accountId}/{integrationId}/events", ListEvents).Needs("status:list_events")
            .WithName("status_list_events");
        status.MapGet("/{accountId}/{integrationId}/timeseries", GetIntegrationTimeseries)
            .Needs("status:integration_timeseries").WithName("status_get_integration_timeseries")
            .Asks("interval", JsonSchemaType.String, "hour");
        v1.MapGroup("/status").WithTags("status")
            .AddEndpointFilter(new OwnTokenFilter(
                Kind, "integrationId", audience => audience is TokenAudience.Integration or TokenAudience.Management, ofIntegration: true))
            .AddEndpointFilter<RequestFilter>().AcceptsJsonOnly()
            .Fails<Problem, RouteGroupBuilder>(400, 401, 402, 404, 415, 429, 503)
            .MapPost("/{accountId}/{integrationId}/report", Report).WithName("status_report")
            .WithMetadata(new EngineRoute());
    }

    private static async Task<Results<JsonList<ListEnvelope<StatusWire>>, Refusal>> List(
        ApiRequest request, ListQuery<StatusList> query, ExpandWords<OfStatus> expand, IGrainFactory grains) =>
        await StatusList.Page(request, query, expand, grains) is { } page
            ? new JsonList<ListEnvelope<StatusWire>>(new(page), StatusJson.Wire.ListEnvelopeStatusWire)
            : ListQueries.NoStart();

    private static async Task<Results<JsonOk<Envelope<StatusWire>>, Refusal>> Get(
        ApiRequest request, string accountId, string integrationId, IGrainFactory grains)
    {
        var found = await Find(request, grains, accountId, integrationId, "status:get");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var totals = await Status(grains).Totals(request.Bearer.OrganizationId, [found.Value.Id], request.Aborted);
        return new JsonOk<Envelope<StatusWire>>(
            new(StatusWire.From(found.Value, totals.FirstOrDefault())), StatusJson.Wire.EnvelopeStatusWire);
    }

    private static async Task<Results<NoContent, Refusal>> Reset(
        ApiRequest request, string accountId, string integrationId, IGrainFactory grains)
    {
        var found = await Find(request, grains, accountId, integrationId, "status:reset");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var command = new ResetIntegrationStatus
        {
            Context = request.NewCommand(),
            OrganizationId = request.Bearer.OrganizationId,
            AccountId = ResourceFields.Of(found.Value.Content.Integration).AccountId,
            IntegrationId = found.Value.Id,
        };
        await Status(grains).Reset(command, request.Aborted);
        return TypedResults.NoContent();
    }

    private static async Task<Results<JsonList<ListEnvelope<StatusEventWire>>, Refusal>> ListEvents(
        ApiRequest request, string accountId, string integrationId, ListQuery<StatusEventList> query, IGrainFactory grains)
    {
        if (query.Orders.Count > 1
            || query.Orders.Any(order => !order.StartsWith("created_at", StringComparison.Ordinal)))
        {
            return Problems.Invalid("order", "query", "must be created_at[asc] or created_at[desc], once");
        }

        if (query.StartAfter is { } after && !Rfc3339.TryParse(after, out _))
        {
            return Problems.Invalid("start_after", "query", "must be the created_at of the last event seen");
        }

        var found = await Find(request, grains, accountId, integrationId, "status:list_events");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var events = await Status(grains).Events(new IntegrationEventsRequest
        {
            IntegrationId = found.Value.Id,
            Limit = query.Limit,
            StartAfter = query.StartAfter,
            Descending = query.Orders is ["created_at[desc]"],
            Filters = [.. query.Filters],
        }, request.Aborted);
        var (account, id) = (ResourceFields.Of(found.Value.Content.Integration).AccountId.ToString(), found.Value.Id.ToString());
        return new JsonList<ListEnvelope<StatusEventWire>>(
            new([.. events.Select(e => new StatusEventWire(account, id, e.At, e.Status, e.Error, e.Request))]),
            StatusJson.Wire.ListEnvelopeStatusEventWire);
    }

    /// <summary>All of the organization's integrations together, so that the bearer has to reach them all.</summary>
    private static async Task<Results<JsonOk<Envelope<TimeseriesWire>>, Refusal>> GetTimeseries(
        ApiRequest request, IGrainFactory grains)
    {
        const string action = "status:timeseries";
        var organization = request.Bearer.OrganizationId;
        return request.Bearer.Caller.Grant.Covers(action, new ResourceTarget(organization.ToString()))
            ? Show(await Status(grains).LastDay(organization, integration: null, request.Aborted))
            : Problems.Forbidden(action);
    }

    private static async Task<Results<JsonOk<Envelope<TimeseriesWire>>, Refusal>> GetIntegrationTimeseries(
        ApiRequest request, string accountId, string integrationId, IGrainFactory grains)
    {
        if (request.Http.Request.Query["interval"] is { Count: > 0 } interval and not ["hour"])
        {
            return Problems.Invalid([new RequestError("interval", "query", "must be hour", interval.ToString())]);
        }

        var found = await Find(request, grains, accountId, integrationId, "status:integration_timeseries");
        return found.IsSuccess
            ? Show(await Status(grains).LastDay(request.Bearer.OrganizationId, found.Value.Id, request.Aborted))
            : found.Refusal;
    }

    private static async Task<Results<NoContent, Refusal>> Report(
        ApiRequest request, string integrationId, Body<StatusReportRequest> body, IGrainFactory grains)
    {
        var report = new IntegrationReport
        {
            OrganizationId = request.Bearer.OrganizationId,
            IntegrationId = Guid.Parse(request.Bearer.Token.OwnerId),
            Counts = body.Value.ToCounts(),
            Errors = [.. (body.Value.Errors ?? []).Select(
                error => new IntegrationError { Status = error.Status, Error = error.Error })],
        };
        return await Status(grains).Report(report, request.Aborted)
            ? TypedResults.NoContent()
            : Problems.NotFound(Kind, integrationId);
    }

    /// <summary>The integration in the path, by ids or names, where the bearer may ask for its status.</summary>
    private static async Task<Outcome<Resource>> Find(
        ApiRequest request, IGrainFactory grains, string accountId, string integrationId, string action)
    {
        var account = await grains.FindAccount(request, accountId, action);
        if (!account.IsSuccess)
        {
            return account.Refusal;
        }

        var organization = request.Bearer.OrganizationId;
        var read = new ReadResource { OrganizationId = organization };
        return await grains.FindOwned(organization, Kind, integrationId, account.Value.Id) is { } id
            && (await grains.GetGrain<IIntegrationGrain>(id.ToString()).Get(read, request.Aborted)).Resource is { } found
            && found.Content.Integration is { } content && content.AccountId == account.Value.Id
            && request.Bearer.Caller.Grant.Covers(action, account.Value.ToTarget(content.Category))
                ? found
                : Problems.NotFound(Kind, integrationId);
    }

    private static IIntegrationStatusGrain Status(IGrainFactory grains) =>
        grains.GetGrain<IIntegrationStatusGrain>("0");

    private static JsonOk<Envelope<TimeseriesWire>> Show(IReadOnlyList<IntegrationHour> hours) =>
        new(new(TimeseriesWire.From(hours)), StatusJson.Wire.EnvelopeTimeseriesWire);
}
