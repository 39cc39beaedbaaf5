using System.Globalization;
using System.Net;
using TokenActors.Client;
using TokenActors.Client.Audit;
using TokenActors.Client.Tokens;
using TokenActors.Client.Webhooks;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Overviews;

/// <summary>What the first page shows: each part is asked for by itself, and fails alone.</summary>
/// <param name="Counts">the tokens at a glance</param>
/// <param name="Webhooks">every endpoint with its latest deliveries</param>
/// <param name="Replays">the latest presentations of a spent refresh secret, within some days</param>
/// <param name="Trail">what the latest rows of the trail say</param>
public sealed record OverviewParts(
    Part<Overview> Counts, Part<IReadOnlyList<DeliveryState>> Webhooks, Part<ListPage<AuditRow>> Replays,
    Part<TrailState> Trail)
{
    /// <summary>For how many days a replay is told of: it is something to look after, and the trail keeps it.</summary>
    public const int ReplayDays = 7;

    private const int MostReplays = 8;
    private const int Rows = 100;
    private const int Deliveries = 20;

    /// <summary>Asks for all of it at once.</summary>
    public static async Task<OverviewParts> Read(TokenActorsClient api, DateTimeOffset now, CancellationToken aborted)
    {
        var counts = PageParts.Try(api.Tokens.Overview(aborted));
        var webhooks = PageParts.Try(WebhooksOf(api, aborted));
        var since = now.AddDays(-ReplayDays).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        var replays = PageParts.Try(
            api.Audit.List(Latest(MostReplays, "event[eq]token.reuse_detected", $"at[gt]{since}")).Page(aborted));
        var trail = PageParts.Try(TrailOf(api, aborted));
        return new(await counts, await webhooks, await replays, await trail);
    }

    /// <summary>Asks for the part that the page renews by itself, and for nothing else.</summary>
    public static async Task<OverviewParts> ReadLive(TokenActorsClient api, CancellationToken aborted) =>
        new(await PageParts.Try(api.Tokens.Overview(aborted)), new(null), new(null), new(null));

    private static ListQuery Latest(int rows, params string[] filters) => new() { Filters = filters, Limit = rows };

    private static async Task<TrailState> TrailOf(TokenActorsClient api, CancellationToken aborted) =>
        TrailState.Of((await api.Audit.List(Latest(Rows)).Page(aborted)).Items);

    /// <summary>Every endpoint with its latest deliveries: there are twenty of each at most.</summary>
    private static async Task<IReadOnlyList<DeliveryState>> WebhooksOf(TokenActorsClient api, CancellationToken aborted)
    {
        var webhooks = (await api.Webhooks.List().Page(aborted)).Items;
        return await Task.WhenAll(webhooks.Select(webhook => StateOf(api, webhook, aborted)));
    }

    /// <summary>
    /// Without deliveries where the person may not look at them, or somebody has just deleted the endpoint.
    /// </summary>
    private static async Task<DeliveryState> StateOf(TokenActorsClient api, Webhook webhook, CancellationToken aborted)
    {
        try
        {
            var latest = api.Webhooks.Deliveries(webhook.Id, query: new ListQuery { Limit = Deliveries });
            return DeliveryState.Of(webhook, (await latest.Page(aborted)).Items);
        }
        catch (TokenActorsException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return DeliveryState.Of(webhook, []);
        }
        catch (TokenActorsException e) when (e.Status != HttpStatusCode.Unauthorized)
        {
            return new DeliveryState(webhook, 0, 0, e.Detail);
        }
    }
}
