using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Previews;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Hosting.Webhooks;

namespace TokenActors.Gateway.Lifecycle.Webhooks;

/// <summary>
/// <c>/lifecycle/v1/webhooks</c>: endpoints for events, and what they were sent. Endpoints made on <c>/v1</c> are seen
/// here too, and changed there.
/// </summary>
internal static class EndpointRoutes
{
    /// <summary>Of a kind; an organization has far fewer.</summary>
    private const int MostRead = 100;

    private static readonly string[] Kinds = ["event_endpoint", "webhook"];

    public static void MapEndpoints(this RouteGroupBuilder lifecycle)
    {
        var webhooks = lifecycle.MapGroup("/webhooks").WithTags("webhooks").WithMetadata(new WholeGrant()).CanBePreviewed();
        webhooks.MapGet("", List).Needs("webhooks:list").WithName("webhooks_list")
            .WithSummary("List webhooks");
        webhooks.MapPost("", Create).Needs("webhooks:create").WithName("webhooks_create")
            .WithSummary("Make a webhook").TellsTag();
        webhooks.MapGet("/{webhookId}", Get).Needs("webhooks:get").WithName("webhooks_get")
            .WithSummary("Read a webhook").TellsTag();
        webhooks.MapPatch("/{webhookId}", Patch).Needs("webhooks:update").WithName("webhooks_patch")
            .WithSummary("Change a webhook").IsConditional(required: true).TellsTag();
        webhooks.MapDelete("/{webhookId}", Delete).Needs("webhooks:delete").WithName("webhooks_delete")
            .WithSummary("Delete a webhook");
        webhooks.MapPost("/{webhookId}/rotate-secret", RotateSecret).Needs("webhooks:update").WithName("webhooks_rotate_secret")
            .WithSummary("Give a webhook a new secret, and sign with both until the former ends");
        webhooks.MapPost("/{webhookId}/enable", Enable).Needs("webhooks:update").WithName("webhooks_enable")
            .WithSummary("Let a webhook be sent events again").TellsTag();
        webhooks.MapPost("/{webhookId}/disable", Disable).Needs("webhooks:update").WithName("webhooks_disable")
            .WithSummary("Send a webhook no events until it is enabled").TellsTag();
        webhooks.MapDeliveries();
    }

    private static async Task<JsonOk<EndpointList>> List(
        ApiRequest request, EndpointListQuery query, IGrainFactory grains)
    {
        List<Resource> found = [];
        foreach (var kind in Kinds)
        {
            var page = await grains.GetGrain<ICatalogGrain>("0").ListResources(
                new ResourceListRequest
                {
                    OrganizationId = request.Bearer.OrganizationId, Kind = kind, Caller = request.Bearer.Caller,
                    Limit = MostRead, Orders = [], Filters = [], Verb = "list",
                },
                request.Aborted);
            found.AddRange(page.Resources ?? []);
        }

        return new JsonOk<EndpointList>(query.Page(found), EndpointJson.Wire.EndpointList);
    }

    private static async Task<Results<JsonCreated<EndpointWire>, Refusal>> Create(
        ApiRequest request, ObjectBody<EndpointFields> body, LifecycleApi api, IGrainFactory grains,
        WebhookAddresses addresses, TimeProvider time)
    {
        if (EndpointBody.Read(body.Fields, current: null) is not { } wanted)
        {
            return api.Error(ApiError.Invalid(body.Fields.Errors));
        }

        if (await EndpointCommands.ProblemWith(request, wanted.Content, current: null, addresses, grains) is { } problem)
        {
            return api.Error(problem);
        }

        var id = request.Idempotent?.DerivedId.Value ?? Guid.CreateVersion7(time.GetUtcNow());
        var secret = WebhookSecret.New();
        var grain = grains.GetGrain<IEventEndpointGrain>(id.ToString());
        var command = new CreateResource
        {
            Context = request.NewCommand(request.Idempotent?.Plain),
            OrganizationId = request.Bearer.OrganizationId,
            Name = wanted.Name,
            Content = new ResourceContent { Webhook = wanted.Content },
            Secret = secret,
        };
        var answer = await request.Command(() => grain.Create(command));
        if (answer is not { Refusal: null, Resource: { } made })
        {
            return api.Error(EndpointCommands.ErrorOf(answer));
        }

        var shown = answer.Repeated ? await grain.GetFirstSecret(command.Context) : secret;
        request.Http.Response.Headers.ETag = EndpointWire.TagOf(made);
        return new JsonCreated<EndpointWire>(
            EndpointWire.From(made, shown?.Reveal()), EndpointJson.Wire.EndpointWire, holdsSecret: true);
    }

    private static async Task<Results<JsonOk<EndpointWire>, Refusal>> Get(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains)
    {
        var found = await EndpointCommands.Find(request, api, grains, webhookId, "get");
        return found.IsSuccess ? Show(request, found.Value.Resource) : found.Refusal;
    }

    private static async Task<Results<JsonOk<EndpointWire>, Refusal>> Patch(
        ApiRequest request, string webhookId, ObjectBody<EndpointFields> body, LifecycleApi api, IGrainFactory grains,
        WebhookAddresses addresses)
    {
        var found = await EndpointCommands.Find(request, api, grains, webhookId, "update", request.Idempotent?.Plain);
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var current = found.Value.Resource;
        if (found.Value.IsRepeated)
        {
            return Show(request, current);
        }

        if (EndpointCommands.IsAnothers(current) is { } elsewhere)
        {
            return api.Error(elsewhere);
        }

        if (EndpointBody.Read(body.Fields, current.Content.Webhook, current.Name) is not { } wanted)
        {
            return api.Error(ApiError.Invalid(body.Fields.Errors));
        }

        if (Preconditions.Require(request, EndpointWire.TagOf(current), "webhook") is { } unmet)
        {
            // A change whose answer was lost may be asked for again: it is done already (RFC 9110 13.1.1).
            return unmet.Status == StatusCodes.Status412PreconditionFailed && wanted.IsAlready(current)
                ? Show(request, current)
                : api.Error(unmet);
        }

        if (await EndpointCommands.ProblemWith(request, wanted.Content, current.Content.Webhook, addresses, grains) is { } problem)
        {
            return api.Error(problem);
        }

        var command = new UpdateResource
        {
            Context = request.NewCommand(request.Idempotent?.Plain),
            Verb = "update",
            Name = wanted.Name ?? current.Name,
            FullName = wanted.Name ?? current.FullName,
            Content = new ResourceContent { Webhook = wanted.Content },
            ExpectedVersion = current.Version,
        };
        var answer = await request.Command(() => found.Value.Grain.Update(command));
        return answer is { Refusal: null, Resource: { } changed }
            ? Show(request, changed)
            : api.Error(EndpointCommands.ErrorOf(answer));
    }

    private static async Task<Results<NoContent, Refusal>> Delete(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains)
    {
        var command = new DeleteResource { Context = request.NewCommand(request.Idempotent?.Plain) };
        var found = await EndpointCommands.Find(request, api, grains, webhookId, "delete");
        if (!found.IsSuccess)
        {
            return await EndpointCommands.IsDeletedAlready(grains, webhookId, command)
                ? TypedResults.NoContent()
                : found.Refusal;
        }

        var answer = await request.Command(() => found.Value.Grain.Delete(command));
        return answer.Refusal is null ? TypedResults.NoContent() : api.Error(EndpointCommands.ErrorOf(answer));
    }

    private static async Task<Results<JsonOk<RotatedSecret>, Refusal>> RotateSecret(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains, TimeProvider time)
    {
        var found = await EndpointCommands.Find(request, api, grains, webhookId, "update");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var command = new RotateWebhookSecret
        {
            Context = request.NewCommand(request.Idempotent?.Plain), Secret = WebhookSecret.New(),
        };
        var answer = await request.Command(() => found.Value.Grain.RotateSecret(command));
        return answer.Secret is { } secret
            ? new JsonOk<RotatedSecret>(
                new(secret.Reveal(), answer.PreviousUntil ?? time.GetUtcNow() + WebhookSecret.PreviousLife),
                EndpointJson.Wire.RotatedSecret, holdsSecret: true)
            : api.Error(EndpointCommands.ErrorOf(answer.Answer));
    }

    private static Task<Results<JsonOk<EndpointWire>, Refusal>> Enable(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains) =>
        SetEnabled(request, webhookId, api, grains, enabled: true);

    private static Task<Results<JsonOk<EndpointWire>, Refusal>> Disable(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains) =>
        SetEnabled(request, webhookId, api, grains, enabled: false);

    private static async Task<Results<JsonOk<EndpointWire>, Refusal>> SetEnabled(
        ApiRequest request, string webhookId, LifecycleApi api, IGrainFactory grains, bool enabled)
    {
        var found = await EndpointCommands.Find(request, api, grains, webhookId, "update");
        if (!found.IsSuccess)
        {
            return found.Refusal;
        }

        var command = new SetWebhookEnabled
        {
            Context = request.NewCommand(request.Idempotent?.Plain), Enabled = enabled,
        };
        var answer = await request.Command(() => found.Value.Grain.SetEnabled(command));
        return answer is { Refusal: null, Resource: { } changed }
            ? Show(request, changed)
            : api.Error(EndpointCommands.ErrorOf(answer));
    }

    private static JsonOk<EndpointWire> Show(ApiRequest request, Resource endpoint)
    {
        request.Http.Response.Headers.ETag = EndpointWire.TagOf(endpoint);
        return new(EndpointWire.From(endpoint), EndpointJson.Wire.EndpointWire);
    }
}
