namespace TokenActors.Client;

/// <summary>What a list is asked for.</summary>
public sealed record ListQuery
{
    /// <summary>The query without conditions.</summary>
    public static readonly ListQuery Everything = new();

    /// <summary><c>field[operator]value</c>, such as <c>state[eq]active</c>; all must hold.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary><c>field[asc]</c> or <c>field[desc]</c>, the most important first.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>The most items of a page; the service's own number where it is null.</summary>
    public int? Limit { get; init; }

    /// <summary><see cref="ListPage{T}.Next"/> of the page before.</summary>
    public string? After { get; init; }
}

/// <summary>One page of a list.</summary>
/// <typeparam name="T">what is listed</typeparam>
/// <param name="Items">in the order that was asked for; there may be none although there is a next page</param>
/// <param name="Next">where the next page begins; null where this is the last one</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next);
