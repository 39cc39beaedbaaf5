using System.Collections.Immutable;

namespace TokenActors.Domain.Lists;

/// <summary>Operators of a filter.</summary>
public enum ListOperator
{
    Eq,

    Neq,

    /// <summary><c>%</c> and <c>*</c> stand for any run of characters, everything else for itself.</summary>
    Like,

    NotLike,

    /// <summary>Any of comma-separated values.</summary>
    In,

    NotIn,
    Gt,
    Gte,
    Lt,
    Lte,
}

public sealed record ListOrder(ListField Field, bool Descending);

/// <summary>One condition; all conditions of a query are ANDed. Values of time fields are canonical RFC 3339.</summary>
public sealed record ListFilter(ListField Field, ListOperator Operator, ImmutableArray<string> Values);

/// <summary>A parsed list query.</summary>
/// <param name="Schema">the list it is for</param>
/// <param name="Limit">1 to 1000</param>
/// <param name="StartAfter">the key or the id of the last item seen, or when that is in an order by time; null for the
/// first page</param>
/// <param name="Orders">never empty</param>
/// <param name="Filters">ANDed</param>
public sealed record ListQuery(
    ListSchema Schema,
    int Limit,
    string? StartAfter,
    ImmutableArray<ListOrder> Orders,
    ImmutableArray<ListFilter> Filters)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;
}

/// <summary>What is wrong with one parameter of a list query.</summary>
public sealed record ListProblem(string Parameter, string? Value, string Message);
