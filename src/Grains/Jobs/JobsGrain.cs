using TokenActors.Domain.Grants;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Jobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Jobs;

/// <summary>Lists operations and executions. Owns nothing. A narrowed caller sees none of them.</summary>
[Orleans.Concurrency.StatelessWorker]
[GrainType("jobs")]
public sealed class JobsGrain(IRecordStore store, IExecutionStore history) : Grain, IJobsGrain
{
    public async Task<OperationPage> ListOperations(ListRequest request, CancellationToken cancellationToken)
    {
        var organization = request.OrganizationId.ToString();
        if (!Sees(request.Caller, organization, "operations:list"))
        {
            return new OperationPage { Operations = [] };
        }

        IReadOnlyList<string> startAfter = request.StartAfter is { } after ? [after] : [];
        var query = Parse(OperationList.Schema, startAfter, request.Orders, request.Filters);
        var rows = await store.List(
            new RecordScope(Kinds.Operation, organization), query with { Limit = request.Limit })
            .UntilCanceled(cancellationToken);
        return new OperationPage
        {
            Operations = rows is null ? null : [.. rows.Select(OperationRow.Read).Select(OperationRow.ViewOf)],
        };
    }

    public async Task<ExecutionPage> ListExecutions(ExecutionListRequest request, CancellationToken cancellationToken)
    {
        var organization = request.OrganizationId.ToString();
        if (!Sees(request.Caller, organization, "operations:list_history"))
        {
            return new ExecutionPage { Executions = [] };
        }

        Execution? after = null;
        if (request.StartAfter is { } id)
        {
            after = await history.Find(organization, id).UntilCanceled(cancellationToken);
            if (after is null)
            {
                return new ExecutionPage();
            }
        }

        var filters = Parse(ExecutionList.Schema, [], [], request.Filters).Filters;
        var page = await history.Page(organization, filters, after, request.Limit, !request.Ascending)
            .UntilCanceled(cancellationToken);
        return new ExecutionPage { Executions = [.. page.Select(Executions.ViewOf)] };
    }

    private static bool Sees(Caller? caller, string organization, string action) =>
        caller is null || caller.Grant.IsWholeIn(organization, action);

    private static ListQuery Parse(
        ListSchema schema, IReadOnlyList<string> startAfter, IReadOnlyList<string> orders, IReadOnlyList<string> filters)
    {
        List<ListProblem> problems = [];
        return ListQueryParser.Parse(schema, [], startAfter, orders, filters, problems)
            ?? throw new ArgumentException(problems[0].Message);
    }
}
