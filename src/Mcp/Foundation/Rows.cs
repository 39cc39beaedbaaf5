using TokenActors.Client;

namespace TokenActors.Mcp.Foundation;

/// <summary>A page.</summary>
/// <typeparam name="T">what is listed</typeparam>
/// <param name="Items">there may be none although there is a next page</param>
/// <param name="NextCursor">give it as <c>cursor</c> for the page after; absent on the last one</param>
internal sealed record Rows<T>(IReadOnlyList<T> Items, string? NextCursor)
{
    public static async Task<Rows<T>> Of(Listing<T> list, CancellationToken cancellation)
    {
        var page = await list.Page(cancellation).ConfigureAwait(false);
        return new(page.Items, page.Next);
    }
}

/// <summary>What all lists are asked with.</summary>
internal static class Paging
{
    public const int MostRows = 50;
    public const int RowsByDefault = 20;
    public const string Limit = "how many rows at most, 1 to 50";
    public const string Cursor = "next_cursor of the page before; leave it out for the first page";

    public static ListQuery Query(string[]? filter, string[]? order, int limit, string? cursor) => new()
    {
        Filters = filter ?? [],
        Order = order ?? [],
        Limit = Math.Clamp(limit, 1, MostRows),
        After = cursor,
    };
}
