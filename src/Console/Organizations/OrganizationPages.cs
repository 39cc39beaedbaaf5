using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TokenActors.WebConsole.Http;

namespace TokenActors.WebConsole.Organizations;

/// <summary>The organizations below a root organization.</summary>
internal static class OrganizationPages
{
    public static void MapOrganizations(this IEndpointRouteBuilder pages) =>
        pages.MapGet("/organizations", List).WithName("console_organizations");

    private static async Task<IResult> List(ConsoleRequest request)
    {
        var organizations = request.Api.Organization.Suborganizations(Listings.Query(request));
        return request.Show<OrganizationListView>("Organizations", new()
        {
            [nameof(OrganizationListView.Organizations)] = await organizations.Page(request.Aborted),
        });
    }
}
