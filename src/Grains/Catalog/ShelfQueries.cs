using System.Collections.Immutable;
using System.Globalization;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Grains.Catalog;

/// <summary>Turns a request for a facade's list into the query that storage runs.</summary>
internal static class ShelfQueries
{
    public static ListQuery Of(ShelfRequest request) => new(
        ShelfList.Schema,
        request.Limit,
        StartAfter: null,
        [new ListOrder(FieldOf(request.Order), request.Descending)],
        [.. Filters(request)]);

    private static IEnumerable<ListFilter> Filters(ShelfRequest request)
    {
        if (request.Name is { } name)
        {
            yield return new ListFilter(ShelfList.Name, ListOperator.Eq, [name]);
        }

        if (request.Search is { } search)
        {
            yield return new ListFilter(ShelfList.Name, ListOperator.Like, [$"*{search}*"]);
        }

        if (request.Profiles.Length > 0)
        {
            yield return new ListFilter(ShelfList.Profile, ListOperator.In, request.Profiles);
        }

        if (request.Principals.Length > 0)
        {
            yield return new ListFilter(ShelfList.OwnerId, ListOperator.In, request.Principals);
        }

        if (request.From is { } from)
        {
            yield return new ListFilter(ShelfList.CreatedAt, ListOperator.Gte, Text(from));
        }

        if (request.To is { } to)
        {
            yield return new ListFilter(ShelfList.CreatedAt, ListOperator.Lt, Text(to));
        }
    }

    private static ListField FieldOf(ShelfOrder order) => order switch
    {
        ShelfOrder.CreatedAt => ShelfList.CreatedAt,
        ShelfOrder.ExpiresAt => ShelfList.ExpiresAt,
        ShelfOrder.Name => ShelfList.Name,
        ShelfOrder.Id => ShelfList.Id,
        ShelfOrder.Profile => ShelfList.Profile,
        ShelfOrder.Principal => ShelfList.OwnerId,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    private static ImmutableArray<string> Text(DateTimeOffset time) => [time.ToString("O", CultureInfo.InvariantCulture)];
}
