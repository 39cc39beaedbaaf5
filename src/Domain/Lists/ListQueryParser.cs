using System.Collections.Immutable;
using System.Globalization;
using TokenActors.Domain.Members;
using TokenActors.Domain.Time;

namespace TokenActors.Domain.Lists;

/// <summary>
/// Parses <c>limit</c>, <c>start_after</c>, repeatable <c>order=field[asc|desc]</c> and repeatable
/// <c>filter=field[op]value</c>, and reports everything that is wrong, not only the first.
/// </summary>
public static class ListQueryParser
{
    /// <summary>More conditions than any list has use for; each costs the database a comparison per row.</summary>
    private const int MostConditions = 32;

    private static readonly OrderedDictionary<string, ListOperator> Operators = new()
    {
        ["eq"] = ListOperator.Eq,
        ["neq"] = ListOperator.Neq,
        ["like"] = ListOperator.Like,
        ["not like"] = ListOperator.NotLike,
        ["in"] = ListOperator.In,
        ["not in"] = ListOperator.NotIn,
        ["gt"] = ListOperator.Gt,
        ["gte"] = ListOperator.Gte,
        ["lt"] = ListOperator.Lt,
        ["lte"] = ListOperator.Lte,
    };

    public static ListQuery? Parse(
        ListSchema schema,
        IReadOnlyList<string> limits,
        IReadOnlyList<string> startAfters,
        IReadOnlyList<string> orders,
        IReadOnlyList<string> filters,
        List<ListProblem> problems)
    {
        var before = problems.Count;
        var limit = Single("limit", limits, problems) is { } text ? ParseLimit(text, problems) : ListQuery.DefaultLimit;
        var startAfter = Single("start_after", startAfters, problems);
        if (startAfter is not null && !IsStorable(startAfter))
        {
            problems.Add(new("start_after", null, "holds characters that no name has"));
        }

        if (orders.Count > MostConditions || filters.Count > MostConditions)
        {
            var parameter = orders.Count > MostConditions ? "order" : "filter";
            problems.Add(new(parameter, null, $"at most {MostConditions} may be given"));
            return null;
        }

        ImmutableArray<ListOrder> parsedOrders =
            [.. orders.Select(order => ParseOrder(schema, order, problems)).OfType<ListOrder>()];
        ImmutableArray<ListFilter> parsedFilters =
            [.. filters.Select(filter => ParseFilter(schema, filter, problems)).OfType<ListFilter>()];
        if (problems.Count > before)
        {
            return null;
        }

        ImmutableArray<ListOrder> byKey = [new(schema.Key, Descending: false)];
        return new ListQuery(schema, limit, startAfter, parsedOrders.Length > 0 ? parsedOrders : byKey, parsedFilters);
    }

    private static string? Single(string name, IReadOnlyList<string> values, List<ListProblem> problems)
    {
        if (values.Count > 1)
        {
            problems.Add(new(name, string.Join(", ", values), "may be given once"));
        }

        return values.Count > 0 ? values[0] : null;
    }

    private static int ParseLimit(string text, List<ListProblem> problems)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= ListQuery.MaxLimit)
        {
            return limit;
        }

        problems.Add(new("limit", text, $"must be a whole number from 1 to {ListQuery.MaxLimit}"));
        return ListQuery.DefaultLimit;
    }

    private static ListOrder? ParseOrder(ListSchema schema, string text, List<ListProblem> problems)
    {
        var (name, bracket, rest) = Split(text);
        if (schema.Find(name) is not { } field)
        {
            problems.Add(new("order", text, UnknownField(schema, name)));
            return null;
        }

        if (bracket is not (null or "asc" or "desc") || rest.Length > 0)
        {
            problems.Add(new("order", text, "must be field, field[asc] or field[desc]"));
            return null;
        }

        return new ListOrder(field, bracket == "desc");
    }

    private static ListFilter? ParseFilter(ListSchema schema, string text, List<ListProblem> problems)
    {
        var (name, bracket, value) = Split(text);
        if (schema.Find(name) is not { } field)
        {
            var message = bracket is null ? "must be field[operator]value" : UnknownField(schema, name);
            problems.Add(new("filter", text, message));
            return null;
        }

        if (OperatorOf(bracket) is not { } op)
        {
            problems.Add(new("filter", text, $"the operator must be one of {string.Join(", ", Operators.Keys)}"));
            return null;
        }

        if (!field.Takes(op))
        {
            problems.Add(
                new("filter", text, $"{field.Name} is {Described(field)} and cannot be matched with {bracket}"));
            return null;
        }

        if (!IsStorable(value))
        {
            problems.Add(new("filter", text, "holds characters that no value has"));
            return null;
        }

        if (QuotedValues.Read(value, isList: op is ListOperator.In or ListOperator.NotIn) is not { } values)
        {
            problems.Add(new("filter", text, "a value that begins with a quote must end with one; two stand for one"));
            return null;
        }

        return field switch
        {
            { IsTime: true } => TimeFilter(field, op, values, text, problems),
            { Choices.Count: > 0 } => ChoiceFilter(field, op, values, text, problems),
            { IsComposed: true } => ComposedFilter(field, op, values),
            { Kind: ListFieldKind.Id } => IdFilter(field, op, values, text, problems),
            _ => new ListFilter(field, op, values),
        };
    }

    /// <summary>What is compared for equality is found in either form; everything else is compared as it is
    /// kept.</summary>
    private static ListFilter ComposedFilter(ListField field, ListOperator op, ImmutableArray<string> values)
    {
        ImmutableArray<string> composed = [.. values.Select(value => MemberNames.Composed(value) ?? value)];
        ImmutableArray<string> both = [.. values.Union(composed, StringComparer.Ordinal)];
        return op switch
        {
            ListOperator.Eq or ListOperator.In when both.Length > 1 => new ListFilter(field, ListOperator.In, both),
            ListOperator.Neq or ListOperator.NotIn when both.Length > 1 =>
                new ListFilter(field, ListOperator.NotIn, both),
            _ => new ListFilter(field, op, composed),
        };
    }

    private static ListFilter? IdFilter(
        ListField field, ListOperator op, ImmutableArray<string> values, string text, List<ListProblem> problems)
    {
        if (field.IsUuid && values.FirstOrDefault(value => !Fits(value)) is { } unknown)
        {
            problems.Add(new("filter", text, $"'{unknown}' is no id"));
            return null;
        }

        return new ListFilter(field, op, [.. values.Select(value => UuidOf(value) ?? value)]);

        // A pattern is of what ids are made of; a name in its place would be one that none fits, and all do not.
        bool Fits(string value) => op is ListOperator.Like or ListOperator.NotLike
            ? value.Length > 0 && value.All(c => char.IsAsciiHexDigit(c) || c is '-' or '%' or '_')
            : UuidOf(value) is not null || (value.Length == 0 && field.MayBeAbsent);
    }

    /// <summary>A UUID as it is stored. Blanks beside it are part of it, which .NET passes over.</summary>
    private static string? UuidOf(string id) =>
        id.Length == Guid.Empty.ToString().Length && Guid.TryParseExact(id, "D", out var read) ? read.ToString() : null;

    private static ListFilter? ChoiceFilter(
        ListField field, ListOperator op, ImmutableArray<string> values, string text, List<ListProblem> problems)
    {
        var read = values.Select(value => value.Length == 0 && field.MayBeAbsent ? value : field.Choices.FirstOrDefault(
            choice => string.Equals(choice, value, StringComparison.OrdinalIgnoreCase))).ToList();
        if (read.IndexOf(null) is >= 0 and var unknown)
        {
            problems.Add(new("filter", text, $"'{values[unknown]}' is none of {string.Join(", ", field.Choices)}"));
            return null;
        }

        return new ListFilter(field, op, [.. read.OfType<string>()]);
    }

    private static ListFilter? TimeFilter(
        ListField field, ListOperator op, ImmutableArray<string> values, string text, List<ListProblem> problems)
    {
        var times = ImmutableArray.CreateBuilder<string>();
        foreach (var value in values)
        {
            if (!Rfc3339.TryParse(value, out var time))
            {
                problems.Add(new("filter", text, $"'{value}' is not an RFC 3339 time"));
                return null;
            }

            times.Add(time.ToString("O", CultureInfo.InvariantCulture));
        }

        return new ListFilter(field, op, times.ToImmutable());
    }

    private static (string Name, string? Bracket, string Remainder) Split(string text)
    {
        var open = text.IndexOf('[');
        var close = open < 0 ? -1 : text.IndexOf(']', open);
        return close < 0 ? (text, null, "") : (text[..open], text[(open + 1)..close], text[(close + 1)..]);
    }

    private static ListOperator? OperatorOf(string? word) =>
        word is not null && Operators.TryGetValue(word, out var op) ? op : null;

    private static string Described(ListField field) => field.Kind switch
    {
        ListFieldKind.Flag => "one of two words",
        _ when field.Choices.Count > 0 => $"one of {string.Join(", ", field.Choices)}",
        _ when field.IsUnordered => "a duration",
        ListFieldKind.Texts or ListFieldKind.Names => "a list",
        _ => "a time",
    };

    private static string UnknownField(ListSchema schema, string name) =>
        $"there is no field '{name}'; the fields are {string.Join(", ", schema.Fields.Select(field => field.Name))}";

    /// <summary>U+0000 and lone surrogates are in no stored text, and databases refuse them.</summary>
    private static bool IsStorable(string text) => StorableText.Is(text);
}
