using TokenActors.Client;

namespace TokenActors.WebConsole.Http;

/// <summary>Lists that have a search of names and pages, and nothing else.</summary>
internal static class Listings
{
    private const int PageSize = 50;

    public static ListQuery Query(ConsoleRequest request) => new()
    {
        Filters = request.Query("q") is { } text ? [$"name[like]%{text}%"] : [],
        Order = ["name[asc]"],
        Limit = PageSize,
        After = request.Query("cursor"),
    };

    /// <summary>The address of the next page.</summary>
    public static string Next(ConsoleRequest request, string path, string cursor) => request.Query("q") is { } text
        ? $"{path}?q={Uri.EscapeDataString(text)}&cursor={Uri.EscapeDataString(cursor)}"
        : $"{path}?cursor={Uri.EscapeDataString(cursor)}";
}
