using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Jobs;

namespace TokenActors.Gateway.Management.Jobs;

/// <summary>The list of scheduled operations.</summary>
internal sealed class OperationListing : IListSchema
{
    public static ListSchema Schema => OperationList.Schema;
}

/// <summary>The list of executions.</summary>
internal sealed class ExecutionListing : IListSchema
{
    public static ListSchema Schema => ExecutionList.Schema;
}

/// <summary><c>/v1/jobs</c>: the operations that integrations schedule, and what came of them.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder v1)
    {
        var jobs = v1.MapResource("/jobs", "jobs");
        jobs.MapGet("", List).Needs("operations:list").WithName("operations_list");
        jobs.MapGet("/history", ListHistory).Needs("operations:list_history")
            .WithName("operations_list_execution_history");
    }

    private static async Task<Results<JsonList<ListEnvelope<OperationWire>>, Refusal>> List(
        ApiRequest request, ListQuery<OperationListing> query, IGrainFactory grains)
    {
        var page = await grains.GetGrain<IJobsGrain>("0")
            .ListOperations(query.ToRequest(request.Bearer), request.Aborted);
        return page.Operations is { } operations
            ? new JsonList<ListEnvelope<OperationWire>>(
                new([.. operations.Select(OperationWire.From)]), JobJson.Wire.ListEnvelopeOperationWire)
            : ListQueries.NoStart();
    }

    private static async Task<Results<JsonList<ListEnvelope<ExecutionWire>>, Refusal>> ListHistory(
        ApiRequest request, ListQuery<ExecutionListing> query, IGrainFactory grains)
    {
        List<RequestError> errors = [];
        if (query.Orders is not ([] or ["started_at"] or ["started_at[asc]"] or ["started_at[desc]"]))
        {
            errors.Add(new RequestError("order", "query", "must be started_at[asc] or started_at[desc], once"));
        }

        if (query.Limit > ExecutionList.MaxLimit)
        {
            errors.Add(new RequestError("limit", "query", $"must be at most {ExecutionList.MaxLimit}"));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        var page = await grains.GetGrain<IJobsGrain>("0").ListExecutions(
            new ExecutionListRequest
            {
                OrganizationId = request.Bearer.OrganizationId,
                Limit = query.Limit,
                StartAfter = query.StartAfter,
                Ascending = query.Orders is ["started_at" or "started_at[asc]"],
                Filters = [.. query.Filters],
                Caller = request.Bearer.Caller,
            },
            request.Aborted);
        return page.Executions is { } executions
            ? new JsonList<ListEnvelope<ExecutionWire>>(
                new([.. executions.Select(ExecutionWire.From)]), JobJson.Wire.ListEnvelopeExecutionWire)
            : ListQueries.NoStart();
    }
}
