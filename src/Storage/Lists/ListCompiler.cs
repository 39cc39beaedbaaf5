using System.Globalization;
using System.Text;
using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>
/// Compiles a list query to SQL with parameters. No text of the request becomes part of the statement: fields come from
/// the schema, and values are parameters. A page begins after the row that <c>start_after</c> names, in the order of
/// (order fields, id).
/// </summary>
internal sealed class ListCompiler
{
    private readonly SqlText _sql;
    private readonly StringBuilder _where = new();
    private readonly ListParameters _parameters;
    private readonly FieldSql _fields;
    private readonly FilterSql _filters;
    private readonly OrderSql _order;

    /// <param name="sql">the database's text</param>
    /// <param name="serviceId">whose rows they are</param>
    /// <param name="now">by which it is decided what has expired, for lists that say so</param>
    public ListCompiler(SqlText sql, string serviceId, DateTimeOffset now = default)
    {
        (_sql, _parameters, _fields) = (sql, new ListParameters(serviceId), new FieldSql(sql, now));
        _filters = new FilterSql(sql, _fields, _parameters);
        _order = new OrderSql(_fields, _parameters);
    }

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    /// <summary>
    /// A page; <paramref name="after"/> holds the order fields' values and the id of the row that it begins after, or
    /// values of the first of them alone, all of whose rows were seen.
    /// </summary>
    public string Page(
        RecordScope scope, ListQuery query, (IReadOnlyList<object> Values, string? Id)? after, long offset = 0)
    {
        Scope(scope);
        Where(query.Filters);

        if (after is { } row)
        {
            _where.Append(_order.After(query, row.Values, row.Id));
        }

        var limit = _parameters.Limit(_sql, offset, query.Limit);
        return $"SELECT {RecordColumns.All} FROM records WHERE {_where} ORDER BY {_order.By(query)} {limit}";
    }

    public string Count(RecordScope scope, IReadOnlyList<ListFilter> filters)
    {
        Scope(scope);
        Where(filters);
        return $"SELECT CAST(COUNT(*) AS bigint) FROM records WHERE {_where}";
    }

    public string ByIds(string kind, IReadOnlyCollection<string> ids)
    {
        var condition = ids.Count == 0
            ? "1 = 0"
            : $"kind = {Parameter(kind)} AND {_filters.In(isNumber: false, "id", [.. ids])}";
        return $"SELECT {RecordColumns.All} FROM records WHERE service_id = @service AND {condition}";
    }

    /// <summary>
    /// Rows directly below some parents, that go with them unless those that stay are wanted too, and that are live, or
    /// also tombstones that are not finished. In the order of the index of parents: by id, the planner would walk the
    /// key of the table for the first few, which is all of its rows.
    /// </summary>
    public string Children(
        string kind, IReadOnlyCollection<string> parentIds, int limit, bool unfinishedToo, bool stayingToo)
    {
        var gone = unfinishedToo ? "status <> 'deleted'" : "status NOT IN ('deleting', 'deleted')";
        var going = stayingToo ? "" : "belongs_to IS NULL AND ";
        return $"SELECT {RecordColumns.All} FROM records WHERE service_id = @service AND kind = {Parameter(kind)} "
            + $"AND {_filters.In(isNumber: false, "parent_id", [.. parentIds])} AND id <> parent_id AND {going}{gone} "
            + $"ORDER BY parent_id {_parameters.Limit(_sql, 0L, limit)}";
    }

    /// <summary>
    /// Tombstones that are not finished, of one owner or member where that is given; in the order of their partial
    /// index.
    /// </summary>
    public string Unfinished(string kind, string organizationId, string? ownerId, string? memberId, int limit)
    {
        // The planner uses the partial index of unfinished rows only where the condition is written as in the index.
        _where.Append(
            CultureInfo.InvariantCulture, $"service_id = @service AND organization_id = {Parameter(organizationId)}");
        _where.Append(CultureInfo.InvariantCulture, $" AND status = 'deleting' AND kind = {Parameter(kind)}");
        if (ownerId is not null)
        {
            _where.Append(CultureInfo.InvariantCulture, $" AND owner_id = {Parameter(ownerId)}");
        }

        if (memberId is not null)
        {
            _where.Append(CultureInfo.InvariantCulture, $" AND member_id = {Parameter(memberId)}");
        }

        return $"SELECT {RecordColumns.All} FROM records WHERE {_where} ORDER BY status {_parameters.Limit(_sql, 0L, limit)}";
    }

    /// <summary>
    /// Looks up the name and the order fields' values of the live rows whose key <c>start_after</c> is; two say that it
    /// is no place to begin.
    /// </summary>
    public string StartRow(RecordScope scope, ListQuery query, string startAfter)
    {
        Scope(scope);
        var key = query.Schema.Key;
        _where.Append(" AND ").Append(
            _filters.Equal(isNumber: false, Expression(key), FieldSql.ValueOf(key, startAfter)));
        return StartOf(query, $"ORDER BY id {_parameters.Limit(_sql, 0L, 2)}");
    }

    /// <summary>The same by the id of a row that is live or was deleted.</summary>
    public string StartRowById(RecordScope scope, ListQuery query, string id)
    {
        Kept(scope);
        _where.Append(CultureInfo.InvariantCulture, $" AND id = {Parameter(id)}");
        return StartOf(query, "");
    }

    /// <summary>
    /// The same by the name that a row had until it was deleted: the last such row. Databases fold ASCII letters alike,
    /// others only one of them.
    /// </summary>
    public string DeletedStartRow(RecordScope scope, ListQuery query, string name)
    {
        Kept(scope);

        // The planner uses the partial index of deleted rows only where the condition is written as in the index.
        _where.Append(" AND status <> 'live' AND ").Append(
            _filters.In(isNumber: false, "LOWER(name)", [NameKey.Of(name), LikePattern.FoldAscii(name)]));
        return StartOf(query, $"ORDER BY created_at DESC, id {_parameters.Limit(_sql, 0L, 1)}");
    }

    private string StartOf(ListQuery query, string rest)
    {
        var fields = string.Join(", ", query.Orders.Select(o => Expression(o.Field)));
        return $"SELECT id, name, {fields} FROM records WHERE {_where} {rest}".TrimEnd();
    }

    /// <summary>Rows of a kind in an organization, live or not, of one owner where the scope has one.</summary>
    private void Kept(RecordScope scope)
    {
        _where.Append("service_id = @service");
        _where.Append(
            CultureInfo.InvariantCulture,
            $" AND organization_id = {Parameter(scope.OrganizationId)} AND kind = {Parameter(scope.Kind)}");
        if (scope.OwnerId is { } owner)
        {
            _where.Append(CultureInfo.InvariantCulture, $" AND owner_id = {Parameter(owner)}");
        }
    }

    private void Scope(RecordScope scope) => _where.Append(ScopeSql.Of(scope, _parameters));

    private void Where(IEnumerable<ListFilter> filters)
    {
        foreach (var filter in filters)
        {
            _where.Append(" AND ").Append(_filters.Condition(filter));
        }
    }

    private string Expression(ListField field) => _fields.Expression(field);

    private string Parameter(object value) => _parameters.Add(value);
}
