using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Writing;

/// <summary>The history of executions in table <c>executions</c>, beside the rows that commands change.</summary>
internal sealed class ExecutionStore(Database database, string serviceId, GroupCommit writer, Queries queries)
    : IExecutionStore
{
    public Task Add(Execution execution)
    {
        ParameterList parameters = [];
        parameters.Add("service", serviceId);
        parameters.Add(ExecutionColumns.OfInsert, execution);
        return writer.Execute(database.Sql["add_execution"], [.. parameters]);
    }

    public Task<Execution?> Find(string organizationId, string executionId) => queries.One(
        "execution", ExecutionColumns.Read, ("execution_id", executionId), ("organization_id", organizationId));

    public Task<IReadOnlyList<Execution>> Page(
        string organizationId, IReadOnlyList<ListFilter> filters, Execution? after, int limit, bool descending) =>
        queries.Guarded(async connection =>
        {
            var compiler = new ExecutionPage(database.Sql, serviceId);
            await using var page = connection.Command(
                compiler.Compile(organizationId, filters, after, limit, descending), [.. compiler.Parameters]);
            return (IReadOnlyList<Execution>)await page.ReadAll(ExecutionColumns.Read);
        });

    public Task<int> Sweep(DateTimeOffset until, int limit) => writer.Execute(
        database.Sql["sweep_executions"],
        [("service", serviceId), ("until", Times.Micros(until)), ("limit", limit)]);
}
