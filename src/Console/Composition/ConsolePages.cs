using Microsoft.AspNetCore.Routing;
using TokenActors.WebConsole.Accounts;
using TokenActors.WebConsole.Clusters;
using TokenActors.WebConsole.Me;
using TokenActors.WebConsole.Members;
using TokenActors.WebConsole.Organizations;
using TokenActors.WebConsole.Overviews;
using TokenActors.WebConsole.Policies;
using TokenActors.WebConsole.Roles;
using TokenActors.WebConsole.SignIn;
using TokenActors.WebConsole.Tokens;
using TokenActors.WebConsole.Trail;
using TokenActors.WebConsole.Webhooks;

namespace TokenActors.WebConsole.Composition;

/// <summary>Every page of the console.</summary>
internal static class ConsolePages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapSignIn();
        pages.MapOverview();
        pages.MapTokens();
        pages.MapAccounts();
        pages.MapMembers();
        pages.MapRoles();
        pages.MapTrail();
        pages.MapWebhooks();
        new PolicyPage().Map(pages, "/policy", "console_policy");
        pages.MapCluster();
        pages.MapOrganizations();
        pages.MapMe();
    }
}
