using TokenActors.Domain.Lists;
using TokenActors.Storage.Databases;

namespace TokenActors.Storage.Lists;

/// <summary>Filters as conditions with parameters.</summary>
internal sealed class FilterSql(SqlText sql, FieldSql fields, ListParameters parameters)
{
    public string Condition(ListFilter filter) => filter.Operator switch
    {
        ListOperator.Neq => Not(filter with { Operator = ListOperator.Eq }),
        ListOperator.NotIn => Not(filter with { Operator = ListOperator.In }),
        ListOperator.NotLike => Not(filter with { Operator = ListOperator.Like }),
        _ when filter.Field.IsMany => fields.Any(filter.Field, Comparison(filter, fields.Element)),
        ListOperator.Like => PrefixRange(filter) + Comparison(filter, fields.Expression(filter.Field)),

        // PostgreSQL's planner takes one token of 200 for one of the state, and every other where it cannot look
        // inside.
        _ when filter.Field.Kind == ListFieldKind.Phase => sql["list_often"].Replace(
            "{condition}", Comparison(filter, fields.Expression(filter.Field)), StringComparison.Ordinal),
        _ => Comparison(filter, fields.Expression(filter.Field)),
    };

    public string Equal(bool isNumber, string expression, object value)
    {
        var parameter = parameters.Add(value);
        return isNumber
            ? $"{expression} = {parameter}"
            : sql["list_equal"].Replace("{expression}", expression, StringComparison.Ordinal)
                .Replace("{value}", parameter, StringComparison.Ordinal);
    }

    /// <summary>One parameter for each value, or one for all where the database has a limit of them.</summary>
    public string In(bool isNumber, string expression, IReadOnlyList<object> values)
    {
        var template = sql[isNumber ? "list_in_numbers" : "list_in"];
        var list = template.Contains("OPENJSON", StringComparison.Ordinal)
            ? parameters.Add(JsonArray.Of(values))
            : string.Join(", ", values.Select(parameters.Add));
        return template.Replace("{expression}", expression, StringComparison.Ordinal)
            .Replace("{values}", list, StringComparison.Ordinal);
    }

    private string Not(ListFilter filter) => $"NOT ({Condition(filter)})";

    private string Comparison(ListFilter filter, string expression)
    {
        var field = filter.Field;
        var isNumber = field.Kind == ListFieldKind.Time;
        object First() => FieldSql.ValueOf(field, filter.Values[0]);
        return filter.Operator switch
        {
            ListOperator.Eq => Equal(isNumber, expression, First()),
            ListOperator.In => In(isNumber, expression, [.. filter.Values.Select(v => FieldSql.ValueOf(field, v))]),
            ListOperator.Gt => $"{expression} > {parameters.Add(First())}",
            ListOperator.Gte => $"{expression} >= {parameters.Add(First())}",
            ListOperator.Lt => $"{Present(field, expression)}{expression} < {parameters.Add(First())}",
            ListOperator.Lte => $"{Present(field, expression)}{expression} <= {parameters.Add(First())}",
            ListOperator.Like => $"LOWER({expression}) LIKE {parameters.Add(PatternOf(filter))} ESCAPE '!'",
            _ => throw new ArgumentOutOfRangeException(nameof(filter), filter.Operator, null),
        };
    }

    /// <summary>An item without the time is not found.</summary>
    private static string Present(ListField field, string expression) => field.MayLackTime
        ? $"{expression} > {(field.Kind == ListFieldKind.Time ? "0" : "''")} AND "
        : "";

    private static string PatternOf(ListFilter filter) =>
        LikePattern.Of((string)FieldSql.ValueOf(filter.Field, filter.Values[0]));

    /// <summary>
    /// A pattern on names that begins with letters is also a range of the index on <c>name_key</c>, since names are
    /// stored in lower case. The range ends before the prefix with its last letter's successor; for ASCII this is so in
    /// every bytewise order.
    /// </summary>
    private string PrefixRange(ListFilter filter)
    {
        var pattern = filter.Values[0];
        var wildcard = pattern.AsSpan().IndexOfAny('*', '%');
        var prefix = NameKey.Of(wildcard < 0 ? pattern : pattern[..wildcard]);
        if (filter.Field.Column != "name_key" || prefix.Length == 0 || prefix.Any(c => c >= '~'))
        {
            return "";
        }

        var end = prefix[..^1] + (char)(prefix[^1] + 1);
        return $"name_key >= {parameters.Add(prefix)} AND name_key < {parameters.Add(end)} AND ";
    }
}
