using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.WebConsole.Http;
using TokenActors.WebConsole.Parts;
using TokenActors.WebConsole.Sessions;

namespace TokenActors.WebConsole.Overviews;

/// <summary>The first page: what needs somebody, each number with the list behind it.</summary>
internal static class OverviewPages
{
    public static void MapOverview(this IEndpointRouteBuilder pages) =>
        pages.MapGet("", Show).WithName("console_overview");

    private static async Task<IResult> Show(ConsoleRequest request)
    {
        var parts = await (LivePart.Is(request.Http.Request)
            ? OverviewParts.ReadLive(request.Api, request.Aborted)
            : OverviewParts.Read(request.Api, request.Now, request.Aborted));
        return request.Show<OverviewView>("Overview", new()
        {
            [nameof(OverviewView.Parts)] = parts,
            [nameof(OverviewView.Names)] = await MemberNames.Read(request, parts.Trail.Value?.Newest ?? []),
        });
    }
}
