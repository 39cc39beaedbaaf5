using Microsoft.OpenApi;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Accounts;
using TokenActors.Gateway.Management.IntegrationPoints;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management.Integrations;

/// <summary><c>expand</c>: puts accounts and integration points into the integrations of a list, of those that the bearer may see.</summary>
internal sealed class IntegrationExpansion(IGrainFactory grains)
{
    private static readonly string[] Accounts = ["account", "accounts", "all"];
    private static readonly string[] Points = ["integration_point", "integration_points", "all"];

    public static IResult? ProblemWith(HttpContext http) =>
        ListParameters.Values(http.Request.Query, "expand").FirstOrDefault(word => !Accounts.Contains(word) && !Points.Contains(word)) is { } strange
            ? ProblemResults.Invalid(http, [new RequestError("expand", "query", "must be account, integration_point or all", strange)])
            : null;

    public async Task<IReadOnlyList<IntegrationWire>> Expand(HttpContext http, IReadOnlyList<IntegrationWire> integrations)
    {
        var words = ListParameters.Values(http.Request.Query, "expand");
        var accounts = words.Any(Accounts.Contains)
            ? await Read(http, integrations.Select(i => i.AccountId), id => grains.GetGrain<IAccountGrain>(id))
            : [];
        var points = words.Any(Points.Contains)
            ? await Read(http, integrations.Select(i => i.IntegrationPointId).OfType<string>(), id => grains.GetGrain<IIntegrationPointGrain>(id))
            : [];
        return [.. integrations.Select(integration => integration with
        {
            Account = accounts.GetValueOrDefault(integration.AccountId) is { } account ? AccountWire.From(account) : null,
            IntegrationPoint = points.GetValueOrDefault(integration.IntegrationPointId ?? "") is { } point ? IntegrationPointWire.From(point) : null,
        })];
    }

    private static async Task<Dictionary<string, Resource>> Read(HttpContext http, IEnumerable<string> ids, Func<string, IResourceGrain> grain)
    {
        var read = new ReadResource { OrganizationId = http.Bearer().OrganizationId, Caller = http.Bearer().Caller };
        var answers = await Task.WhenAll(ids.Distinct().Select(id => grain(id).Get(read)));
        return answers.Select(answer => answer.Resource).OfType<Resource>().ToDictionary(resource => resource.Id.ToString());
    }
}

internal static class ExpansionRoutes
{
    public static RouteHandlerBuilder AsksToExpand(this RouteHandlerBuilder route) =>
        route.Asks("expand", JsonSchemaType.String, "account, integration_point or all", many: true);
}
