using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using TokenActors.Client.Webhooks;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tools;

/// <summary>Webhooks and the service itself.</summary>
internal sealed class OperationTools(McpSession session)
{
    private const string Id = "the webhook's id";

    [Tool("webhook_list", "Webhooks", "webhooks:list", IsWhole = true)]
    [Description("The endpoints that the organization's events are sent to, with whether they are disabled and why; of addresses the host alone.")]
    public async Task<Rows<Webhook>> Webhooks(
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        CancellationToken cancellation = default)
    {
        var page = await session.Client.Webhooks.List().Page(cancellation).ConfigureAwait(false);

        // The rest of an address is often a secret of whoever listens there.
        return new(
            [
                .. page.Items.Take(Math.Clamp(limit, 1, Paging.MostRows))
                    .Select(webhook => webhook with { Url = new Uri(webhook.Url.GetLeftPart(UriPartial.Authority)) }),
            ],
            null);
    }

    [Tool("webhook_deliveries", "Deliveries of a webhook", "webhooks:get", IsWhole = true)]
    [Description("What an endpoint was sent and will be sent, newest first, with attempts. Its answers are not told.")]
    public async Task<Rows<Delivery>> Deliveries(
        [Description(Id)] string id,
        [Description("waiting, delivered, given_up or filtered; all where it is left out")] string? status = null,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default)
    {
        var list = session.Client.Webhooks.Deliveries(id, status, Paging.Query(null, null, limit, cursor));
        var page = await list.Page(cancellation).ConfigureAwait(false);

        // Words of somebody else's server are nothing that a model should read.
        return new([.. page.Items.Select(WithoutAnswers)], page.Next);
    }

    [Tool("webhook_redeliver", "Send an event again", "webhooks:update", IsWhole = true, Changes = true)]
    [Description("Sends an event that is over, delivered or given up, to its endpoint once more, under the same id.")]
    public Task<QueuedDeliveries> Redeliver(
        [Description(Id)] string id,
        [Description("the delivery's id, as webhook_deliveries tells it")] string delivery,
        CancellationToken cancellation = default) =>
        session.Client.Webhooks.Redeliver(id, delivery).Send(cancellation);

    [Tool("cluster_status", "What the service runs on", "organizations:get", IsWhole = true)]
    [Description("Gateways and silos: version, uptime, lease, commits, reminder lag. For the root organization only.")]
    public async Task<ClusterStatus> Cluster(CancellationToken cancellation = default)
    {
        var cluster = await session.Client.Cluster(cancellation).ConfigureAwait(false);
        return new(cluster["schema"] as JsonObject, ListOf(cluster, "silos"), ListOf(cluster, "gateways"));
    }

    private static JsonObject[] ListOf(JsonObject cluster, string name) =>
        cluster[name] is JsonArray list ? [.. list.OfType<JsonObject>().Take(Paging.MostRows)] : [];

    private static Delivery WithoutAnswers(Delivery delivery) => delivery with
    {
        Attempts = [.. delivery.Attempts.Select(attempt => attempt with { Answer = null })],
    };
}

/// <summary>What the service runs on, as <c>GET /lifecycle/v1/cluster</c> tells it.</summary>
/// <param name="Schema">of the database</param>
/// <param name="Silos">each silo</param>
/// <param name="Gateways">each gateway</param>
internal sealed record ClusterStatus(
    JsonObject? Schema, IReadOnlyList<JsonObject> Silos, IReadOnlyList<JsonObject> Gateways);
