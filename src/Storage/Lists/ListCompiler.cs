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
internal sealed class ListCompiler(SqlText sql, string serviceId)
{
    private static readonly ListOrder ById = new(new ListField("id", ListFieldKind.Text, Column: "id"), Descending: false);

    private readonly StringBuilder _where = new();
    private readonly List<(string Name, object? Value)> _parameters = [("service", serviceId)];

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters;

    /// <summary>
    /// A page; <paramref name="after"/> holds the order fields' values and the id of the row that it begins after.
    /// </summary>
    public string Page(
        RecordScope scope, ListQuery query, (IReadOnlyList<object> Values, string Id)? after, long offset = 0)
    {
        Scope(scope);
        Where(query.Filters);

        if (after is { } row)
        {
            After(query, row.Values, row.Id);
        }

        var order = string.Join(
            ", ", WithId(query.Orders).Select(o => Expression(o.Field) + (o.Descending ? " DESC" : "")));
        var limit = Limit(offset, query.Limit);
        return $"SELECT {RecordColumns.All} FROM records WHERE {_where} ORDER BY {order} {limit}";
    }

    public string Count(RecordScope scope, IReadOnlyList<ListFilter> filters)
    {
        Scope(scope);
        Where(filters);
        return $"SELECT CAST(COUNT(*) AS bigint) FROM records WHERE {_where}";
    }

    /// <summary>
    /// A page of audited calls; <see cref="AuditAt"/> has the other calls of the page's last microsecond.
    /// </summary>
    public string AuditPage(string organizationId, IReadOnlyList<ListFilter> filters, int limit, bool descending)
    {
        AuditScope(organizationId, filters);
        var direction = descending ? " DESC" : "";
        return $"SELECT number, {AuditColumns.All} FROM audit WHERE {_where} "
            + $"ORDER BY at{direction}, number{direction} {Limit(0L, limit)}";
    }

    /// <summary>The calls of one microsecond that come after the last one of a page.</summary>
    public string AuditAt(
        string organizationId, IReadOnlyList<ListFilter> filters, long at, long number, bool descending)
    {
        AuditScope(organizationId, filters);
        var (beyond, direction) = descending ? ('<', " DESC") : ('>', "");
        return $"SELECT number, {AuditColumns.All} FROM audit WHERE {_where} AND at = {Parameter(at)} "
            + $"AND number {beyond} {Parameter(number)} ORDER BY number{direction}";
    }

    private string Limit(long offset, int limit) => sql["list_limit"]
        .Replace("{offset}", Parameter(offset), StringComparison.Ordinal)
        .Replace("{limit}", Parameter(limit), StringComparison.Ordinal);

    private void AuditScope(string organizationId, IReadOnlyList<ListFilter> filters)
    {
        _where.Append("service_id = @service");
        _where.Append(CultureInfo.InvariantCulture, $" AND organization_id = {Parameter(organizationId)} AND method IS NOT NULL");
        Where(filters);
    }

    public string ByIds(string kind, IReadOnlyCollection<string> ids)
    {
        var condition = ids.Count == 0
            ? "1 = 0"
            : $"kind = {Parameter(kind)} AND {In(isTime: false, "id", [.. ids])}";
        return $"SELECT {RecordColumns.All} FROM records WHERE service_id = @service AND {condition}";
    }

    /// <summary>Looks up the order fields' values of the row that <c>start_after</c> names.</summary>
    public string StartRow(RecordScope scope, ListQuery query, string startAfter)
    {
        Scope(scope);
        var fields = string.Join(", ", query.Orders.Select(o => Expression(o.Field)));
        var key = Expression(query.Schema.Key);
        return $"SELECT id, {fields} FROM records WHERE {_where} AND {Equal(isTime: false, key, startAfter)}";
    }

    private void Scope(RecordScope scope)
    {
        _where.Append("service_id = @service");
        _where.Append(CultureInfo.InvariantCulture, $" AND organization_id = {Parameter(scope.OrganizationId)} AND kind = {Parameter(scope.Kind)}");
        if (scope.Listing is { } listing)
        {
            // The planner uses the partial index of listings only where the condition is written as in the index.
            _where.Append(CultureInfo.InvariantCulture, $" AND owner_id = {Parameter(listing)} AND name_key IS NULL AND status = 'live'");
        }
        else
        {
            _where.Append(" AND name_key IS NOT NULL");
        }

        if (scope.OwnerId is { } owner)
        {
            // The planner uses the partial index of owners only where the condition is written as in the index.
            _where.Append(CultureInfo.InvariantCulture, $" AND owner_id = {Parameter(owner)} AND owner_id <> organization_id AND status = 'live'");
        }

        if (scope.MemberId is { } member)
        {
            var parameter = Parameter(member);
            _where.Append(scope.Listing is null
                ? $" AND member_id = {parameter}"
                : $" AND (member_id = {parameter} OR member_id IS NULL)");
        }
    }

    private void Where(IEnumerable<ListFilter> filters)
    {
        foreach (var filter in filters)
        {
            _where.Append(" AND ").Append(Condition(filter));
        }
    }

    private void After(ListQuery query, IReadOnlyList<object> values, string id)
    {
        // (a, b, id) > (x, y, z), written out because each field has its own direction.
        List<string> alternatives = [];
        var equal = "";
        foreach (var order in WithId(query.Orders))
        {
            var expression = Expression(order.Field);
            var place = query.Orders.IndexOf(order);
            var value = Parameter(place < 0 ? id : values[place]);
            alternatives.Add($"({equal}{expression} {(order.Descending ? '<' : '>')} {value})");
            equal += $"{expression} = {value} AND ";
        }

        // The alternatives imply this condition, but only with it does an index scan begin at that row instead of the
        // first.
        var first = query.Orders[0];
        _where.Append(CultureInfo.InvariantCulture, $" AND {Expression(first.Field)} {(first.Descending ? "<=" : ">=")} {Parameter(values[0])}");
        _where.Append(CultureInfo.InvariantCulture, $" AND ({string.Join(" OR ", alternatives)})");
    }

    /// <summary>
    /// The order fields, each once, and the id where it is missing: a column that stands twice in ORDER BY is an error on
    /// SQL Server. What comes after the id decides nothing.
    /// </summary>
    private static IEnumerable<ListOrder> WithId(IEnumerable<ListOrder> orders)
    {
        HashSet<(string?, string?)> seen = [];
        foreach (var order in orders.Append(ById).Where(order => seen.Add((order.Field.Column, order.Field.JsonName))))
        {
            yield return order;
            if (order.Field.Column == ById.Field.Column)
            {
                yield break;
            }
        }
    }

    private string Condition(ListFilter filter)
    {
        var expression = Expression(filter.Field);
        var values = filter.Values.Select(value => ValueOf(filter.Field, value)).ToList();
        return filter.Operator switch
        {
            ListOperator.Eq => Equal(filter.Field.Kind == ListFieldKind.Time, expression, values[0]),
            ListOperator.In => In(filter.Field.Kind == ListFieldKind.Time, expression, values),
            ListOperator.Gt => $"{expression} > {Parameter(values[0])}",
            ListOperator.Gte => $"{expression} >= {Parameter(values[0])}",
            ListOperator.Lt => $"{expression} < {Parameter(values[0])}",
            ListOperator.Lte => $"{expression} <= {Parameter(values[0])}",
            ListOperator.Like =>
                $"{PrefixRange(filter)}LOWER({expression}) LIKE {Parameter(LikePattern.Of(filter.Values[0]))} ESCAPE '!'",
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter.Operator, null),
        };
    }

    /// <summary>
    /// A pattern on names that begins with letters is also a range of the index on <c>name_key</c>, since names are
    /// stored in lower case. The range ends before the prefix with its last letter's successor; for ASCII this is so in
    /// every bytewise order.
    /// </summary>
    private string PrefixRange(ListFilter filter)
    {
        var pattern = filter.Values[0];
        var wildcard = pattern.AsSpan().IndexOfAny('*', '%');
        var prefix = (wildcard < 0 ? pattern : pattern[..wildcard]).ToLowerInvariant();
        if (filter.Field.Column != "name_key" || prefix.Length == 0 || prefix.Any(c => c >= '~'))
        {
            return "";
        }

        var end = prefix[..^1] + (char)(prefix[^1] + 1);
        return $"name_key >= {Parameter(prefix)} AND name_key < {Parameter(end)} AND ";
    }

    private string Expression(ListField field) => field switch
    {
        { Column: { } column, Kind: ListFieldKind.Time } => $"COALESCE({column}, 0)",
        { Column: { } column and ("name_key" or "id") } => column,
        { Column: { } column } => Text($"COALESCE({column}, '')"),
        { JsonName: { } json } => Text(sql["list_json"]
            .Replace("{name}", json, StringComparison.Ordinal)
            .Replace("{path}", json.Replace('.', ','), StringComparison.Ordinal)),
        _ => throw new ArgumentException($"the field {field.Name} has neither column nor JSON name", nameof(field)),
    };

    private string Equal(bool isTime, string expression, object value)
    {
        var parameter = Parameter(value);
        return isTime
            ? $"{expression} = {parameter}"
            : sql["list_equal"].Replace("{expression}", expression, StringComparison.Ordinal)
                .Replace("{value}", parameter, StringComparison.Ordinal);
    }

    /// <summary>One parameter for each value, or one for all where the database has a limit of them.</summary>
    private string In(bool isTime, string expression, IReadOnlyList<object> values)
    {
        var template = sql[isTime ? "list_in_numbers" : "list_in"];
        var parameters = template.Contains("OPENJSON", StringComparison.Ordinal)
            ? Parameter(JsonArray.Of(values))
            : string.Join(", ", values.Select(Parameter));
        return template.Replace("{expression}", expression, StringComparison.Ordinal)
            .Replace("{values}", parameters, StringComparison.Ordinal);
    }

    private string Text(string expression) =>
        sql["list_text"].Replace("{expression}", expression, StringComparison.Ordinal);

    private static object ValueOf(ListField field, string value) => field.Kind == ListFieldKind.Time
        ? Times.Micros(DateTimeOffset.Parse(value, CultureInfo.InvariantCulture))
        : value;

    private string Parameter(object value)
    {
        var name = $"p{_parameters.Count}";
        _parameters.Add((name, value));
        return "@" + name;
    }
}
