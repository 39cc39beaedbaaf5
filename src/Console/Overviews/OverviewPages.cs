using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.Client.Webhooks;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Overviews;

/// <summary>The first page: what needs somebody, each number with the list behind it.</summary>
internal static class OverviewPages
{
    private const int Replays = 8;
    private const int Rows = 100;
    private const int Deliveries = 20;

    public static void MapOverview(this IEndpointRouteBuilder pages) => pages.MapGet("", Show).WithName("console_overview");

    private static async Task<IResult> Show(ConsoleRequest request)
    {
        var api = request.Api;
        var overview = PageParts.IfAllowed(api.Tokens.Overview(request.Aborted));
        var webhooks = PageParts.IfAllowed(Webhooks(request));
        var replays = PageParts.IfAllowed(
            api.Audit.List(Latest(Replays, "event[eq]token.reuse_detected")).Page(request.Aborted));
        var trail = PageParts.IfAllowed(api.Audit.List(Latest(Rows)).Page(request.Aborted));
        Dictionary<string, object?> view = new()
        {
            [nameof(OverviewView.Overview)] = await overview,
            [nameof(OverviewView.Webhooks)] = await webhooks,
            [nameof(OverviewView.Replays)] = await replays,
            [nameof(OverviewView.Trail)] = await trail is { } rows ? TrailState.Of(rows.Items) : null,
        };
        return request.Show<OverviewView>(
            "Overview", view.Where(part => part.Value is not null).ToDictionary(part => part.Key, part => part.Value ?? ""));
    }

    private static ListQuery Latest(int rows, params string[] filters) => new() { Filters = filters, Limit = rows };

    /// <summary>Every endpoint with its latest deliveries: there are twenty of each at most.</summary>
    private static async Task<IReadOnlyList<DeliveryState>> Webhooks(ConsoleRequest request)
    {
        var webhooks = (await request.Api.Webhooks.List().Page(request.Aborted)).Items;
        return await Task.WhenAll(webhooks.Select(
            async webhook => DeliveryState.Of(webhook, await LatestOf(request, webhook.Id))));
    }

    /// <summary>None where the person may list endpoints and not look at one, or somebody has just deleted it.</summary>
    private static async Task<IReadOnlyList<Delivery>> LatestOf(ConsoleRequest request, string id)
    {
        try
        {
            var latest = request.Api.Webhooks.Deliveries(id, query: new ListQuery { Limit = Deliveries });
            return (await latest.Page(request.Aborted)).Items;
        }
        catch (TokenActorsException e) when (e.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
        {
            return [];
        }
    }
}
