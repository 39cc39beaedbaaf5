using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Accounts;
using TokenActors.Gateway.Management.Capabilities;
using TokenActors.Gateway.Management.Integrations;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Status;

namespace TokenActors.Gateway.Management.Status;

internal sealed class OfStatus : IExpandable
{
    public static IReadOnlyList<string> Words => ["account", "accounts", "integration", "integrations"];
}

/// <summary>
/// The list of what integrations came to: a page of the integrations within the bearer's rights, with their totals. Its
/// sort key is account and integration.
/// </summary>
internal sealed class StatusList : IListSchema
{
    private const string Action = "status:list";

    public static ListSchema Schema => StatusLists.Integrations;

    /// <summary>A page; null where <c>start_after</c> says no place to go on at.</summary>
    public static async Task<IReadOnlyList<StatusWire>?> Page(
        ApiRequest request, ListQuery<StatusList> query, ExpandWords<OfStatus> expand, IGrainFactory grains)
    {
        var after = query.StartAfter?[(query.StartAfter.IndexOf(',') + 1)..];
        if (after is not null && !Guid.TryParseExact(after, "D", out _))
        {
            return null;
        }

        var page = await grains.GetGrain<ICatalogGrain>("0").ListResources(new ResourceListRequest
        {
            OrganizationId = request.Bearer.OrganizationId,
            Kind = "integration",
            Caller = request.Bearer.Caller,
            Action = Action,
            Limit = query.Limit,
            StartAfter = after,
            Orders = query.Orders.Count > 0 ? [.. query.Orders.Select(OfIntegration)] : ["account_id", "id"],
            Filters = [.. query.Filters.Select(OfIntegration)],
        }, request.Aborted);
        if (page.Resources is not { } integrations)
        {
            return null;
        }

        var totals = await grains.GetGrain<IIntegrationStatusGrain>("0").Totals(
            request.Bearer.OrganizationId, [.. integrations.Select(integration => integration.Id)], request.Aborted);
        var counted = totals.ToDictionary(total => total.IntegrationId);
        var statuses = integrations.Select(
            integration => StatusWire.From(integration, counted.GetValueOrDefault(integration.Id)));
        return await Expand(request, [.. statuses], expand, grains);
    }

    /// <summary>Accounts and integrations that the bearer may see.</summary>
    private static async Task<IReadOnlyList<StatusWire>> Expand(
        ApiRequest request, IReadOnlyList<StatusWire> statuses, ExpandWords<OfStatus> expand, IGrainFactory grains)
    {
        var accounts = expand.Holds("account") || expand.Holds("accounts")
            ? await Read(request, statuses.Select(status => status.AccountId), id => grains.GetGrain<IAccountGrain>(id))
            : [];
        var integrations = expand.Holds("integration") || expand.Holds("integrations")
            ? await Read(
                request, statuses.Select(status => status.IntegrationId), id => grains.GetGrain<IIntegrationGrain>(id))
            : [];
        return [.. statuses.Select(status => status with
        {
            Account = accounts.GetValueOrDefault(status.AccountId) is { } account ? AccountWire.From(account) : null,
            Integration = integrations.GetValueOrDefault(status.IntegrationId) is { } integration
                ? IntegrationWire.From(integration)
                : null,
        })];
    }

    private static async Task<Dictionary<string, Resource>> Read(
        ApiRequest request, IEnumerable<string> ids, Func<string, IResourceGrain> grain)
    {
        var read = new ReadResource { OrganizationId = request.Bearer.OrganizationId, Caller = request.Bearer.Caller };
        var answers = await Task.WhenAll(ids.Distinct().Select(id => grain(id).Get(read, request.Aborted)));
        return answers.Select(answer => answer.Resource).OfType<Resource>()
            .ToDictionary(resource => resource.Id.ToString());
    }

    /// <summary>The id of an integration has another name in the list of integrations.</summary>
    private static string OfIntegration(string text) =>
        text.StartsWith("integration_id", StringComparison.Ordinal) ? text["integration_".Length..] : text;
}
