using System.Globalization;
using System.Text;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Lists;

/// <summary>Compiles pages of an organization's audited calls to SQL with parameters.</summary>
internal sealed class AuditSql
{
    private readonly SqlText _sql;
    private readonly StringBuilder _where = new();
    private readonly ListParameters _parameters;
    private readonly FilterSql _filters;

    /// <param name="sql">the database's text</param>
    /// <param name="serviceId">whose rows they are</param>
    public AuditSql(SqlText sql, string serviceId)
    {
        (_sql, _parameters) = (sql, new ListParameters(serviceId));
        _filters = new FilterSql(sql, new FieldSql(sql, default), _parameters);
    }

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    /// <summary>
    /// A page of audited calls; <see cref="At"/> has the other calls of the page's last microsecond.
    /// </summary>
    public string Page(string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending)
    {
        Scope(organizationId, filters);
        var direction = descending ? " DESC" : "";
        return $"SELECT number, {AuditColumns.All} FROM audit WHERE {_where} "
            + $"ORDER BY at{direction}, number{direction} {_parameters.Limit(_sql, 0L, limit)}";
    }

    /// <summary>The calls of one microsecond that come after the last one of a page.</summary>
    public string At(
        string organizationId, IReadOnlyList<ListFilter> filters, long at, long number, bool descending)
    {
        Scope(organizationId, filters);
        var (beyond, direction) = descending ? ('<', " DESC") : ('>', "");
        return $"SELECT number, {AuditColumns.All} FROM audit WHERE {_where} AND at = {_parameters.Add(at)} "
            + $"AND number {beyond} {_parameters.Add(number)} ORDER BY number{direction}";
    }

    /// <summary>A page of audited calls that goes on after a row, by its time and number.</summary>
    public string From(
        string organizationId, IReadOnlyList<ListFilter> filters, (long At, long Number)? after, long? until, int limit,
        bool descending)
    {
        Scope(organizationId, filters);
        var (beyond, direction) = descending ? ('<', " DESC") : ('>', "");
        if (after is var (at, number))
        {
            var time = _parameters.Add(at);
            _where.Append(CultureInfo.InvariantCulture, $" AND at {beyond}= {time} ");
            _where.Append(
                CultureInfo.InvariantCulture,
                $"AND (at {beyond} {time} OR number {beyond} {_parameters.Add(number)})");
        }

        if (until is { } end)
        {
            _where.Append(CultureInfo.InvariantCulture, $" AND at <= {_parameters.Add(end)}");
        }

        return $"SELECT number, {AuditColumns.All} FROM audit WHERE {_where} "
            + $"ORDER BY at{direction}, number{direction} {_parameters.Limit(_sql, 0L, limit)}";
    }

    private void Scope(string organizationId, IReadOnlyList<ListFilter> filters)
    {
        _where.Append("service_id = @service");
        _where.Append(CultureInfo.InvariantCulture, $" AND organization_id = {_parameters.Add(organizationId)} ");
        _where.Append("AND method IS NOT NULL");
        foreach (var filter in filters)
        {
            _where.Append(" AND ").Append(_filters.Condition(filter));
        }
    }

}
