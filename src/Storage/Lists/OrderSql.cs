using System.Globalization;
using TokenActors.Domain.Lists;

namespace TokenActors.Storage.Lists;

/// <summary>The order of a list, and where a page of it begins.</summary>
internal sealed class OrderSql(FieldSql fields, ListParameters parameters)
{
    private static readonly ListOrder ById = new(
        new ListField("id", ListFieldKind.Text, Column: "id"), Descending: false);

    /// <summary>What stands behind ORDER BY where what is ordered has its places as columns.</summary>
    public static string ByPlaces(ListQuery query) => string.Join(", ", WithId(query).Select(order =>
    {
        var place = query.Orders.IndexOf(order);
        return (place < 0 ? "id" : PlaceColumn(place)) + (order.Descending ? " DESC" : "");
    }));

    /// <summary>The column that has the value of one of a page's orders.</summary>
    public static string PlaceColumn(int place) => string.Create(CultureInfo.InvariantCulture, $"place_{place}");

    /// <summary>What stands behind ORDER BY.</summary>
    public string By(ListQuery query) => string.Join(
        ", ", WithId(query).Select(o => fields.Expression(o.Field) + (o.Descending ? " DESC" : "")));

    /// <summary>The condition, with AND before it, that a row comes after another in the order.</summary>
    /// <param name="query">has the order</param>
    /// <param name="values">of the other row in the order's fields</param>
    /// <param name="id">of the other row; null where all rows with the first of the values were seen</param>
    public string After(ListQuery query, IReadOnlyList<object> values, string? id)
    {
        if (id is not null && WithId(query).ToList() is [{ Field.TakesIdsAlong: true } used, var last]
            && used.Descending == last.Descending)
        {
            // Many were never used: an index scan has to begin at the id among them.
            return " AND " + fields.Beyond(
                (fields.Expression(used.Field), parameters.Add(values[0])),
                (fields.Expression(last.Field), parameters.Add(id)),
                used.Descending);
        }

        // (a, b, id) > (x, y, z), written out because each field has its own direction.
        List<string> alternatives = [];
        var equal = "";
        foreach (var order in id is null ? query.Orders.Take(values.Count) : WithId(query))
        {
            var expression = fields.Expression(order.Field);
            var place = query.Orders.IndexOf(order);
            var value = parameters.Add(place < 0 && id is not null ? id : values[place]);
            alternatives.Add($"({equal}{expression} {(order.Descending ? '<' : '>')} {value})");
            equal += $"{expression} = {value} AND ";
        }

        // The alternatives imply this condition, but only with it does an index scan begin at that row instead of the
        // first.
        var first = query.Orders[0];
        var begin = $"{fields.Expression(first.Field)} {(first.Descending ? "<=" : ">=")} {parameters.Add(values[0])}";
        return $" AND {begin} AND ({string.Join(" OR ", alternatives)})";
    }

    /// <summary>
    /// The order fields, each once, and the id where it is missing: a column that stands twice in ORDER BY is an error
    /// on SQL Server. What comes after the id decides nothing. A list of tokens by last use, by the end or by their
    /// beginning has the ids in its direction, so that the index is walked as it is: SQLite sorts all of them
    /// otherwise, once its statistics say that they are many.
    /// </summary>
    public static IEnumerable<ListOrder> WithId(ListQuery query)
    {
        var isBackwards = query.Orders is [{ Descending: true, Field.TakesIdsAlong: true }];
        HashSet<(string?, string?)> seen = [];
        foreach (var order in query.Orders.Append(ById with { Descending = isBackwards }).Where(order => seen.Add((order.Field.Column, order.Field.JsonName))))
        {
            yield return order;
            if (order.Field.Column == ById.Field.Column)
            {
                yield break;
            }
        }
    }
}
