using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Organizations;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>
/// A page of the organizations below a root, in reach of the caller: a grant reaches them by name or not at all, so
/// that one query says it.
/// </summary>
internal sealed class SubOrganizationListing(IRecordStore store, ListRequest request)
{
    private const string Action = "suborgs:list";

    public async Task<OrganizationPage> Run(ListQuery query, CancellationToken cancellationToken)
    {
        var scope = new RecordScope(
            Kinds.Organization, OrganizationId: "", OwnerId: request.OrganizationId.ToString());
        var rows = await store.List(scope, query with { Filters = [.. query.Filters, .. Reach()] })
            .UntilCanceled(cancellationToken);
        return new OrganizationPage
        {
            Organizations = rows is null
                ? null
                : [.. rows.Select(OrganizationRow.Read).Select(OrganizationViews.Of)],
        };
    }

    private IEnumerable<ListFilter> Reach()
    {
        yield return new ListFilter(OrganizationList.Founding, ListOperator.Eq, ["false"]);
        if (request.Caller?.Grant.OrganizationsWith(Action) is { IsAll: false, Names: { } names })
        {
            // No organization has the empty id, so that a grant without any finds none.
            yield return new ListFilter(OrganizationList.Id, ListOperator.In, [.. names.DefaultIfEmpty("")]);
        }
    }
}
