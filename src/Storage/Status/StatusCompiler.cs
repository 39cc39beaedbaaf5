using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Lists;

namespace TokenActors.Storage.Status;

/// <summary>Queries of integrations' status as SQL with parameters; made for one statement.</summary>
internal sealed class StatusCompiler
{
    private readonly SqlText _sql;
    private readonly ListParameters _parameters;
    private readonly FilterSql _filters;

    public StatusCompiler(SqlText sql, string serviceId)
    {
        (_sql, _parameters) = (sql, new ListParameters(serviceId));
        _filters = new FilterSql(sql, new FieldSql(sql), _parameters);
    }

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    /// <summary>Events of an integration by time, of which no two are of one.</summary>
    public string Events(string integrationId, IReadOnlyList<ListFilter> filters, int limit, bool descending)
    {
        var integration = _parameters.Add(integrationId);
        var conditions = string.Concat(filters.Select(filter => " AND " + _filters.Condition(filter)));
        var page = _sql["list_limit"]
            .Replace("{offset}", _parameters.Add(0L), StringComparison.Ordinal)
            .Replace("{limit}", _parameters.Add(limit), StringComparison.Ordinal);
        return "SELECT at, status, error, request FROM integration_events "
            + $"WHERE service_id = @service AND integration_id = {integration}{conditions} "
            + $"ORDER BY at{(descending ? " DESC" : "")} {page}";
    }

    /// <summary>What some integrations of an organization came to.</summary>
    public string Totals(string organizationId, IReadOnlyCollection<string> integrationIds) =>
        "SELECT integration_id, updated_at, requests, failed, cpu_time, db_ops, api_ops, in_bytes, out_bytes "
        + $"FROM integration_status WHERE service_id = @service AND organization_id = {_parameters.Add(organizationId)} "
        + $"AND {_filters.In(isNumber: false, "integration_id", [.. integrationIds])}";
}
