using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;
using TokenActors.Storage.Records;

namespace TokenActors.Storage.Lists;

/// <summary>
/// Compiles a page whose rows say their places, by which lists go on: behind the columns stand the order fields'
/// values.
/// </summary>
internal sealed class PlacedPage
{
    private readonly SqlText _sql;
    private readonly DateTimeOffset _now;
    private readonly ListParameters _parameters;

    /// <param name="sql">the database's text</param>
    /// <param name="serviceId">whose rows they are</param>
    /// <param name="now">by which it is decided what has expired</param>
    public PlacedPage(SqlText sql, string serviceId, DateTimeOffset now) =>
        (_sql, _now, _parameters) = (sql, now, new ListParameters(serviceId));

    public IReadOnlyList<(string Name, object? Value)> Parameters => _parameters.All;

    /// <param name="scope">of the rows</param>
    /// <param name="query">order, filters and limit</param>
    /// <param name="after">the place of the row that the page begins after</param>
    /// <param name="walk">the sorted table that is walked; null: none</param>
    public string Compile(RecordScope scope, ListQuery query, ListPlace? after, SortedWalk? walk = null)
    {
        if (walk is null)
        {
            return Part(scope, query, after, null, "");
        }

        // Tokens that were changed since the table was written are looked at themselves, and not where it has them.
        var tail = "SELECT subject_id FROM audit WHERE service_id = @service "
            + $"AND organization_id = {_parameters.Add(scope.OrganizationId)} AND subject_kind = 'token' "
            + $"AND number > {_parameters.Add(walk.Entered)}";
        var walked = Part(scope, query, after, walk, $" AND walked_id NOT IN ({tail})");
        var changed = Part(scope, query, after, null, $" AND id IN ({tail})");
        return $"SELECT * FROM (SELECT * FROM ({walked}) walked UNION ALL SELECT * FROM ({changed}) changed) page "
            + $"ORDER BY {OrderSql.ByPlaces(query)} {_parameters.Limit(_sql, 0L, query.Limit)}";
    }

    private string Part(RecordScope scope, ListQuery query, ListPlace? after, SortedWalk? walk, string condition)
    {
        FieldSql fields = new(_sql, _now) { WalksEnds = walk?.Table == SortedBeside.Ends };
        FilterSql filters = new(_sql, fields, _parameters);
        OrderSql order = new(fields, _parameters);
        var (from, joined) = From(scope, query, walk, fields);
        var where = ScopeSql.Of(scope, _parameters) + joined + condition
            + string.Concat(query.Filters.Select(filter => " AND " + filters.Condition(filter)))
            + (after is null ? "" : order.After(query, after.Values, after.Id));
        var places = string.Join(
            ", ", query.Orders.Select((o, i) => $"{fields.Expression(o.Field)} AS {OrderSql.PlaceColumn(i)}"));
        var page = $"SELECT {RecordColumns.All}, {places} FROM {from} WHERE {where} "
            + $"ORDER BY {order.By(query)} {_parameters.Limit(_sql, 0L, query.Limit)}";
        return scope.Below is { } parent
            ? _sql["list_below"]
                .Replace("{kind}", _parameters.Add(scope.Kind), StringComparison.Ordinal)
                .Replace("{parent}", _parameters.Add(parent), StringComparison.Ordinal)
                .Replace("{page}", page, StringComparison.Ordinal)
            : page;
    }

    /// <summary>
    /// A list walks the uses of the organization's tokens, or a sorted table, in their order, and finds the row of
    /// each. CROSS JOIN keeps SQLite's planner from turning that around.
    /// </summary>
    private (string From, string Joined) From(RecordScope scope, ListQuery query, SortedWalk? walk, FieldSql fields)
    {
        var needsUses = query.Orders.Any(order => order.Field.IsOfUses)
            || query.Filters.Any(filter => filter.Field.IsOfUses);
        var uses = !needsUses ? "" : "(SELECT token_id AS used_id, last_used_at AS used_at FROM token_uses "
            + $"WHERE service_id = @service AND organization_id = {_parameters.Add(scope.OrganizationId)}) u";
        var joined = needsUses ? " AND id = used_id" : "";
        if (walk is not null)
        {
            fields.IdColumn = "walked_id";
            var from = $"({walk.Rows(scope.OrganizationId, query, _parameters, _now)}) w CROSS JOIN records";
            return (needsUses ? $"{from} CROSS JOIN {uses}" : from, " AND id = walked_id" + joined);
        }

        if (!needsUses)
        {
            return ("records", "");
        }

        var isByUse = query.Orders[0].Field.IsOfUses;
        fields.IdColumn = isByUse ? "used_id" : "id";
        return (isByUse ? $"{uses} CROSS JOIN records" : $"records, {uses}", joined);
    }
}
