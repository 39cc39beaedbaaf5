using System.Collections.Immutable;
using System.Globalization;
using TokenActors.Domain.Lists;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Grains.Catalog;

/// <summary>Turns a request for a facade's list into the query that storage runs.</summary>
internal static class ListingQueries
{
    public static ListQuery Of(ListingRequest request) => new(
        ListingList.Schema,
        request.Limit,
        StartAfter: null,
        [new ListOrder(FieldOf(request.Order), request.Descending)],
        [.. Filters(request)]);

    private static IEnumerable<ListFilter> Filters(ListingRequest request)
    {
        if (request.Name is { } name)
        {
            yield return new ListFilter(ListingList.Name, ListOperator.Eq, [name]);
        }

        if (request.Search is { } search)
        {
            yield return new ListFilter(ListingList.Name, ListOperator.Like, [$"*{search}*"]);
        }

        if (request.Profiles.Length > 0)
        {
            yield return new ListFilter(ListingList.Profile, ListOperator.In, request.Profiles);
        }

        if (request.Principals.Length > 0)
        {
            yield return new ListFilter(ListingList.OwnerId, ListOperator.In, request.Principals);
        }

        if (request.From is { } from)
        {
            yield return new ListFilter(ListingList.CreatedAt, ListOperator.Gte, Text(from));
        }

        if (request.To is { } to)
        {
            yield return new ListFilter(ListingList.CreatedAt, ListOperator.Lt, Text(to));
        }
    }

    private static ListField FieldOf(ListingOrder order) => order switch
    {
        ListingOrder.CreatedAt => ListingList.CreatedAt,
        ListingOrder.ExpiresAt => ListingList.ExpiresAt,
        ListingOrder.Name => ListingList.Name,
        ListingOrder.Id => ListingList.Id,
        ListingOrder.Profile => ListingList.Profile,
        ListingOrder.Principal => ListingList.OwnerId,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
    };

    private static ImmutableArray<string> Text(DateTimeOffset time) =>
        [time.ToString("O", CultureInfo.InvariantCulture)];
}
