using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>
/// A page of resources, of those only that a grant covers. Where it covers all, that is one query; where it names
/// accounts and the like, so does the query; what else narrows it is asked of each row.
/// </summary>
internal sealed class ResourceListing(IRecordStore store, ResourceListRequest request)
{
    private readonly ResourceKind _kind = ResourceKinds.Of(request.Kind);
    private readonly RecordScope _scope =
        new(request.Kind, request.OrganizationId.ToString(), OwnerId: request.OwnerId);

    private string Action => request.Action ?? $"{_kind.Api}:{request.Verb}";

    public async Task<ResourcePage> Run(CancellationToken cancellationToken)
    {
        List<ListProblem> problems = [];
        IReadOnlyList<string> startAfter = request.StartAfter is { } after ? [after] : [];
        var query = ListQueryParser.Parse(_kind.List, [], startAfter, request.Orders, request.Filters, problems)
            ?? throw new InvalidOperationException(problems[0].Message);
        query = query with { Limit = request.Limit };
        if (request.Caller is not { } caller || CoversAll(caller.Grant))
        {
            var rows = await store.List(_scope, query).UntilCanceled(cancellationToken);
            return new ResourcePage
            {
                Resources = rows is null ? null : [.. rows.Select(Show)],
                Total = request.Total
                    ? await store.Count(_scope, query.Filters).UntilCanceled(cancellationToken)
                    : null,
            };
        }

        var reach = new ReachFilters(_kind, caller.Grant, Action, request.OrganizationId.ToString());
        query = query with { Filters = [.. query.Filters, .. reach.Filters] };
        var covered = new FilteredRows(store, _scope, rows => Covered(rows, caller.Grant, cancellationToken));
        var page = await covered.Page(query, cancellationToken);
        return new ResourcePage
        {
            Resources = page is null ? null : [.. page.Select(Show)],
            Total = request.Total ? await Total(query, reach, covered, cancellationToken) : null,
        };
    }

    private Resource Show(StoredRecord row)
    {
        var shown = ResourceState.FromRecord(row).ToView();
        return shown with { Content = _kind.Listed(shown.Content) };
    }

    private bool CoversAll(Grant grant) =>
        grant.IsWholeIn(request.OrganizationId.ToString(), Action);

    private Task<long> Total(
        ListQuery query, ReachFilters reach, FilteredRows covered, CancellationToken cancellationToken) => reach.AreExact
            ? store.Count(_scope, query.Filters).UntilCanceled(cancellationToken)
            : covered.Count(query, cancellationToken);

    private async Task<IEnumerable<StoredRecord>> Covered(
        IReadOnlyList<StoredRecord> rows, Grant grant, CancellationToken cancellationToken)
    {
        var states = rows.Select(ResourceState.FromRecord).ToList();
        var targets = await _kind.TargetsOf(store, states).UntilCanceled(cancellationToken);
        return rows.Zip(states)
            .Where(pair => targets(pair.Second) is { } target && grant.Covers(Action, target))
            .Select(pair => pair.First);
    }
}
