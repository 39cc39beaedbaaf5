using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.Client;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Overviews;

/// <summary>The first page: what needs somebody, each number with the list behind it.</summary>
internal static class OverviewPages
{
    private const int Rows = 8;

    public static void MapOverview(this IEndpointRouteBuilder pages) => pages.MapGet("", Show).WithName("console_overview");

    private static async Task<IResult> Show(ConsoleRequest request)
    {
        var api = request.Api;
        var overview = IfAllowed(api.Tokens.Overview(request.Aborted));
        var webhooks = IfAllowed(api.Webhooks.List().Page(request.Aborted));
        var replays = IfAllowed(api.Audit.List(Latest("event[eq]token.reuse_detected")).Page(request.Aborted));
        var trail = IfAllowed(api.Audit.List(Latest()).Page(request.Aborted));
        Dictionary<string, object?> view = new()
        {
            [nameof(OverviewView.Overview)] = await overview,
            [nameof(OverviewView.Webhooks)] = (await webhooks)?.Items,
            [nameof(OverviewView.Replays)] = await replays,
            [nameof(OverviewView.Trail)] = (await trail)?.Items,
        };
        return request.Show<OverviewView>(
            "Overview", view.Where(part => part.Value is not null).ToDictionary(part => part.Key, part => part.Value ?? ""));
    }

    private static ListQuery Latest(params string[] filters) => new() { Filters = filters, Limit = Rows };

    /// <summary>A part that the person may not see is left out.</summary>
    private static async Task<T?> IfAllowed<T>(Task<T> part)
        where T : class
    {
        try
        {
            return await part;
        }
        catch (TokenActorsException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return null;
        }
    }
}
