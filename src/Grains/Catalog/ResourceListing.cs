using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Catalog;

/// <summary>
/// A page of resources, of those only that a grant covers. Where it covers all, that is one query; where it names
/// accounts, so does the query; what else narrows it is asked of each row.
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
                Resources = rows is null ? null : [.. rows.Select(row => ResourceState.FromRecord(row).ToView())],
                Total = request.Total
                    ? await store.Count(_scope, query.Filters).UntilCanceled(cancellationToken)
                    : null,
            };
        }

        query = query with { Filters = [.. query.Filters, .. NamedAccounts(caller.Grant)] };
        var page = await Covered(query, caller.Grant, query.Limit, cancellationToken);
        var whole = query with { StartAfter = null, Orders = [new(query.Schema.Key, Descending: false)] };
        var all = request.Total ? await Covered(whole, caller.Grant, int.MaxValue, cancellationToken) : null;
        return new ResourcePage
        {
            Resources = page is null ? null : [.. page.Select(state => state.ToView())],
            Total = all?.Count,
        };
    }

    private IEnumerable<Resources> ReachesOf(Grant grant) =>
        grant.Clauses.Where(clause => clause.Actions.Contains(Action)).Select(clause => clause.Resources);

    private bool CoversAll(Grant grant) =>
        grant.IsWholeIn(request.OrganizationId.ToString(), Action);

    /// <summary>
    /// Where every clause names its accounts, only they are looked at. No account has the empty id, so that a grant
    /// without a clause finds none.
    /// </summary>
    private IEnumerable<ListFilter> NamedAccounts(Grant grant)
    {
        var selections = ReachesOf(grant).Select(resources => resources.AccountIds).ToList();
        if (_kind.AccountField is { } field && selections.TrueForAll(accounts => !accounts.IsAll))
        {
            var ids = selections.SelectMany(accounts => accounts.Names ?? []).Distinct().DefaultIfEmpty("");
            yield return new ListFilter(field, ListOperator.In, [.. ids]);
        }
    }

    /// <summary>Up to so many covered rows from the query's beginning on; null where it cannot begin.</summary>
    private async Task<List<ResourceState>?> Covered(
        ListQuery query, Grant grant, int most, CancellationToken cancellationToken) => await FilteredRows.Read(
            store,
            _scope,
            query,
            most,
            async rows =>
            {
                var states = rows.Select(ResourceState.FromRecord).ToList();
                var targets = await _kind.TargetsOf(store, states).UntilCanceled(cancellationToken);
                return states.Where(state => targets(state) is { } target && grant.Covers(Action, target));
            },
            cancellationToken);
}
