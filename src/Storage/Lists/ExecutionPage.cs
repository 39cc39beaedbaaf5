using System.Globalization;
using System.Text;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>Compiles a page of executions: by their beginning, after one of them where one is given.</summary>
internal sealed class ExecutionPage(SqlText sql, string serviceId)
{
    private readonly ListParameters _parameters = new(serviceId);

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    public string Compile(
        string organizationId, IReadOnlyList<ListFilter> filters, Execution? after, int limit, bool descending)
    {
        var conditions = new FilterSql(sql, new FieldSql(sql), _parameters);
        var (beyond, direction) = descending ? ('<', " DESC") : ('>', "");
        var where = new StringBuilder("service_id = @service AND organization_id = " + _parameters.Add(organizationId));
        foreach (var filter in filters)
        {
            where.Append(" AND ").Append(conditions.Condition(filter));
        }

        if (after is not null)
        {
            var at = _parameters.Add(Times.Micros(after.StartedAt));
            var id = _parameters.Add(after.ExecutionId);
            where.Append(CultureInfo.InvariantCulture, $" AND started_at {beyond}= {at}");
            where.Append(
                CultureInfo.InvariantCulture, $" AND (started_at {beyond} {at} OR execution_id {beyond} {id})");
        }

        var cut = sql["list_limit"]
            .Replace("{offset}", _parameters.Add(0L), StringComparison.Ordinal)
            .Replace("{limit}", _parameters.Add(limit), StringComparison.Ordinal);
        return $"SELECT {ExecutionColumns.All} FROM executions WHERE {where} "
            + $"ORDER BY started_at{direction}, execution_id{direction} {cut}";
    }
}
