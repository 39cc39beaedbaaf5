using TokenActors.Client.Http;

namespace TokenActors.Client.Webhooks;

/// <summary><c>/lifecycle/v1/webhooks</c>: endpoints that are sent events.</summary>
public sealed class WebhooksClient
{
    private const string Root = $"{ApiGroup.Lifecycle}/webhooks";

    private readonly ApiGroup _api;

    internal WebhooksClient(ApiGroup api) => _api = api;

    /// <summary>All endpoints of the organization, those of the Management API among them.</summary>
    public Listing<Webhook> List() => new(
        ListQuery.Everything,
        async (_, cancellation) => new((await _api.Connection.Read(
            ApiCall.Get(Root), ApiGroup.Json.PageWebhook, cancellation).ConfigureAwait(false)).Items, null));

    /// <summary>An endpoint, with its <see cref="Webhook.Tag"/>.</summary>
    /// <param name="id">its id</param>
    /// <param name="cancellation">ends the call</param>
    public Task<Webhook> Get(string id, CancellationToken cancellation = default) =>
        Read(ApiCall.Get(PathOf(id)), cancellation);

    /// <summary>Makes an endpoint; the answer holds its signing secret.</summary>
    /// <param name="webhook">what it is to be</param>
    public Change<Webhook, Preview> Create(NewWebhook webhook) =>
        _api.Previewed(ApiCall.Post(Root).With(webhook, ApiGroup.Json.NewWebhook), Read);

    /// <summary>Changes an endpoint.</summary>
    /// <param name="id">its id</param>
    /// <param name="patch">what is to change</param>
    /// <param name="tag">the <see cref="Webhook.Tag"/> that the change was made from; 412 where it is another by
    /// now</param>
    public Change<Webhook, Preview> Patch(string id, WebhookPatch patch, string tag)
    {
        ArgumentNullException.ThrowIfNull(patch);
        return _api.Previewed(
            ApiCall.MergePatch(PathOf(id), tag).With(patch.Fields, ApiGroup.Json.JsonObject), Read);
    }

    /// <summary>Deletes an endpoint.</summary>
    /// <param name="id">its id</param>
    public Change<Done, Preview> Delete(string id) =>
        _api.Removal(ApiCall.Delete(PathOf(id)) with { Safety = RepeatSafety.ByKey });

    /// <summary>Puts another signing secret in use; for a day bodies are signed under both.</summary>
    /// <param name="id">its id</param>
    public Change<RotatedWebhookSecret, Preview> RotateSecret(string id) =>
        _api.Previewed(ApiCall.Post($"{PathOf(id)}/rotate-secret"), ApiGroup.Json.RotatedWebhookSecret);

    /// <summary>Has events sent again.</summary>
    /// <param name="id">its id</param>
    public Change<Webhook, Preview> Enable(string id) =>
        _api.Previewed(ApiCall.Post($"{PathOf(id)}/enable"), Read);

    /// <summary>Has nothing sent any more; what waits is given up.</summary>
    /// <param name="id">its id</param>
    public Change<Webhook, Preview> Disable(string id) =>
        _api.Previewed(ApiCall.Post($"{PathOf(id)}/disable"), Read);

    /// <summary>Sends <c>webhook.test</c>.</summary>
    /// <param name="id">its id</param>
    public Change<QueuedDeliveries> Test(string id) =>
        _api.Change(ApiCall.Post($"{PathOf(id)}/test"), ApiGroup.Json.QueuedDeliveries);

    /// <summary>Sends an event that is over once more.</summary>
    /// <param name="id">its id</param>
    /// <param name="deliveryId">its <c>webhook-id</c></param>
    public Change<QueuedDeliveries> Redeliver(string id, string deliveryId) => _api.Change(
        ApiCall.Post($"{PathOf(id)}/redeliver").With(new(deliveryId), ApiGroup.Json.RedeliverBody),
        ApiGroup.Json.QueuedDeliveries);

    /// <summary>Sends every event since then that is for it, 10,000 at most.</summary>
    /// <param name="id">its id</param>
    /// <param name="since">at most 14 days ago</param>
    public Change<QueuedDeliveries> Replay(string id, DateTimeOffset since) => _api.Change(
        ApiCall.Post($"{PathOf(id)}/replay").With(new(since), ApiGroup.Json.ReplayBody),
        ApiGroup.Json.QueuedDeliveries);

    /// <summary>What it was sent and will be sent, newest first.</summary>
    /// <param name="id">its id</param>
    /// <param name="status"><c>waiting</c>, <c>delivered</c>, <c>given_up</c> or <c>filtered</c>; null: all</param>
    /// <param name="query">the page; deliveries take no filters and no order</param>
    public Listing<Delivery> Deliveries(string id, string? status = null, ListQuery? query = null) =>
        _api.Listing(ApiCall.Get($"{PathOf(id)}/deliveries").With("status", status), query, ApiGroup.Json.PageDelivery);

    private static string PathOf(string id) => $"{Root}/{ApiGroup.Part(id)}";

    private async Task<Webhook> Read(ApiCall call, CancellationToken cancellation)
    {
        var (webhook, tag) = await _api.Connection.ReadTagged(
            call, ApiGroup.Json.Webhook, cancellation).ConfigureAwait(false);
        return webhook with { Tag = tag };
    }
}
