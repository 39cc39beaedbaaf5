using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>What an endpoint was sent, and sending it once more.</summary>
internal static class DeliveryRoutes
{
    private const int MostShown = 100;
    private const int DeliveriesShown = 50;

    private static readonly string[] Statuses = ["waiting", "delivered", "given_up", "filtered"];

    public static void MapDeliveries(this RouteGroupBuilder webhooks)
    {
        webhooks.MapPost("/{webhookId}/test", Test).Needs("webhooks:update").WithName("webhooks_test")
            .WithSummary("Send a webhook a test event")
            .WithMetadata(new UnpreviewedRoute());
        webhooks.MapPost("/{webhookId}/redeliver", Redeliver).Needs("webhooks:update").WithName("webhooks_redeliver")
            .WithSummary("Send a delivery again")
            .WithMetadata(new UnpreviewedRoute());
        webhooks.MapPost("/{webhookId}/replay", Replay).Needs("webhooks:update").WithName("webhooks_replay")
            .WithSummary("Send all events since a time again")
            .WithMetadata(new UnpreviewedRoute());
        webhooks.MapGet("/{webhookId}/deliveries", Deliveries).Needs("webhooks:get").WithName("webhooks_deliveries")
            .WithSummary("List the deliveries of a webhook")
            .Asks("status", JsonSchemaType.String, string.Join(", ", Statuses))
            .Asks("limit", JsonSchemaType.Integer, $"1 to {MostShown}, by default {DeliveriesShown}")
            .Asks("cursor", JsonSchemaType.String, "next_cursor of the page before");
    }

    private static Task<Results<JsonOk<Queued>, Refusal>> Test(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains) =>
        Queue(request, webhookId, api, grains, grain => grain.Redeliver(
            new RedeliverEvent { Context = Command(request) }));

    private static Task<Results<JsonOk<Queued>, Refusal>> Redeliver(
        ApiRequest request, string webhookId, Body<RedeliverRequest> body, LifecycleApi api, IGrainFactory grains) =>
        Queue(request, webhookId, api, grains, grain => grain.Redeliver(
            new RedeliverEvent { Context = Command(request), DeliveryId = body.Value.DeliveryId }));

    private static Task<Results<JsonOk<Queued>, Refusal>> Replay(
        ApiRequest request, string webhookId, Body<ReplayRequest> body, LifecycleApi api, IGrainFactory grains) =>
        Queue(request, webhookId, api, grains, grain => grain.Replay(
            new ReplayEvents { Context = Command(request), Since = body.Value.Since }));

    private static CallContext Command(ApiRequest request) => request.NewCommand(request.Idempotent?.Plain);

    private static async Task<Results<JsonOk<Queued>, Refusal>> Queue(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains,
        Func<IWebhookGrain, Task<DeliveryAnswer>> command)
    {
        var found = await EndpointCommands.Find(request, api, grains, webhookId, "update");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        if (found.Value.Resource.Content.Webhook is { DisabledAt: not null })
        {
            return api.Error(new(409, ApiErrorKind.Conflict, "the webhook is disabled; enable it first"));
        }

        var answer = await request.Command(() => command(found.Value.Grain));
        return answer.Refusal is { } refusal
            ? api.Error(EndpointCommands.ErrorOf(new ResourceAnswer { Refusal = refusal }))
            : new JsonOk<Queued>(new(answer.Queued, answer.DeliveryId), EndpointJson.Wire.Queued);
    }

    private static async Task<Results<JsonOk<DeliveryList>, Refusal>> Deliveries(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        List<RequestError> errors = [];
        var status = query.ContainsKey("status") ? query["status"].ToString() : null;
        if (status is not null && !Statuses.Contains(status))
        {
            errors.Add(new("status", "query", $"must be one of {string.Join(", ", Statuses)}"));
        }

        var limit = DeliveriesShown;
        if (query.ContainsKey("limit") && (!int.TryParse(query["limit"], out limit) || limit is < 1 or > MostShown))
        {
            errors.Add(new("limit", "query", $"must be a number from 1 to {MostShown}"));
        }

        long? before = null;
        if (query.ContainsKey("cursor"))
        {
            before = EndpointCommands.PlaceIn(query["cursor"]);
            if (before is null)
            {
                errors.Add(new("cursor", "query", "must be next_cursor of the page before"));
            }
        }

        if (errors.Count > 0)
        {
            return api.Error(ApiError.Invalid(errors));
        }

        var found = await EndpointCommands.Find(request, api, grains, webhookId, "get");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var page = await found.Value.Grain.GetDeliveries(
            new ReadDeliveries { Caller = request.Bearer.Caller, Status = status, Before = before, Limit = limit },
            request.Aborted);
        return page.Refusal is { } refusal
            ? api.Error(EndpointCommands.ErrorOf(new ResourceAnswer { Refusal = refusal }))
            : new JsonOk<DeliveryList>(
                new([.. page.Deliveries.Select(DeliveryWire.From)], EndpointCommands.CursorOf(page.Next)),
                EndpointJson.Wire.DeliveryList);
    }
}
