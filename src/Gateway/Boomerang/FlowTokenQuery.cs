using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Boomerang;

/// <summary>
/// <c>GET /api/v2/token/query</c>: by types, principals and creation date (from inclusive, to exclusive); without a
/// limit everything in one page. Lists may repeat their parameter or separate by commas. Expired tokens stay listed, as
/// not valid.
/// </summary>
internal static class FlowTokenQuery
{
    private const int LongestPage = 1000;

    private static readonly Dictionary<string, ListingOrder> Sorts = new()
    {
        ["creationDate"] = ListingOrder.CreatedAt,
        ["expirationDate"] = ListingOrder.ExpiresAt,
        ["name"] = ListingOrder.Name,
        ["id"] = ListingOrder.Id,
        ["type"] = ListingOrder.Profile,
        ["principal"] = ListingOrder.Principal,
    };

    private sealed record FlowQuery(ListingRequest Listing, int? Limit, int Page, bool FindsNothing);

    public static async Task<Results<JsonList<FlowPage>, Refusal>> Query(
        ApiRequest request, BoomerangApi api, IGrainFactory grains, TimeProvider time)
    {
        var rights = new FlowRights(request.Bearer);
        if (!rights.May(FlowPermission.ReadTokens))
        {
            return api.Error(ApiError.Forbidden("the bearer does not have the permission token/read"));
        }

        var read = Read(request, rights);
        if (!read.IsSuccess)
        {
            return read.Refusal;
        }

        var query = read.Value;
        var found = query switch
        {
            { FindsNothing: true } => new ListingPage { Tokens = [], Total = 0 },
            { Limit: null } => await Listings.Rest(grains, query.Listing, request.Aborted),
            _ => await grains.GetGrain<ICatalogGrain>("0").ListFacade(query.Listing, request.Aborted),
        };
        var now = time.GetUtcNow();
        return new JsonList<FlowPage>(
            PageOf(
                [.. found.Tokens.Select(token => FlowTokenWire.From(token, now))], found.Total, query.Limit,
                query.Page),
            BoomerangJson.Wire.FlowPage);
    }

    private static FlowPage PageOf(IReadOnlyList<FlowTokenWire> tokens, long total, int? limit, long number)
    {
        var sort = new FlowSort(Sorted: true, Unsorted: false, Empty: false);
        var pages = limit is { } size ? (total + size - 1) / size : 1;
        return new FlowPage
        {
            Content = tokens,
            Pageable = PageableOf(number, limit, sort) ?? JsonValue.Create("INSTANCE"),
            TotalElements = total,
            TotalPages = pages,
            Last = number + 1 >= pages,
            Number = number,
            Size = limit ?? tokens.Count,
            NumberOfElements = tokens.Count,
            Sort = sort,
            First = number == 0,
            Empty = tokens.Count == 0,
        };
    }

    private static JsonNode? PageableOf(long number, int? limit, FlowSort sort) => limit is { } size
        ? JsonSerializer.SerializeToNode(
            new FlowPageable(number, size, sort, number * size, Paged: true, Unpaged: false), BoomerangJson.Wire.FlowPageable)
        : null;

    private static Outcome<FlowQuery> Read(ApiRequest request, FlowRights rights)
    {
        var query = request.Http.Request.Query;
        var types = Values(query, "types");
        if (types.FirstOrDefault(type => !FlowTypes.All.Contains(type)) is { } strange)
        {
            return Invalid($"'{strange}' is no type of tokens");
        }

        if (!TryNumber(query, "limit", 1, LongestPage, out var limit)
            || !TryNumber(query, "page", 0, int.MaxValue, out var page))
        {
            return Invalid($"limit must be 1 to {LongestPage}, and page 0 or more");
        }

        if (!TryNumber(query, "fromDate", long.MinValue, long.MaxValue, out var from)
            || !TryNumber(query, "toDate", long.MinValue, long.MaxValue, out var to))
        {
            return Invalid("fromDate and toDate must be milliseconds since 1970");
        }

        string? sort = query["sort"], order = query["order"];
        if (!string.IsNullOrEmpty(sort) && !Sorts.ContainsKey(sort))
        {
            return Invalid($"sort must be one of {string.Join(", ", Sorts.Keys)}");
        }

        if (order is not (null or "" or "ASC" or "DESC"))
        {
            return Invalid("order must be ASC or DESC");
        }

        var principals = Values(query, "principals");
        if (principals.Any(principal => !StorableText.Is(principal)))
        {
            return Invalid("principals must be texts");
        }

        // Session tokens are not made here, so that nobody has one.
        var profiles = types.Where(type => type != FlowTypes.Session).Select(type => FlowTypes.ProfileOf(type).Name)
            .ToArray();
        var nothing = types.Count > 0 && profiles.Length == 0;
        if (rights.Bounds is { } bounds)
        {
            nothing |= (profiles.Length > 0 && !profiles.Contains(bounds.Profile))
                || (principals.Count > 0 && !principals.Contains(bounds.Principal));
            (profiles, principals) = ([bounds.Profile], [bounds.Principal]);
        }

        var listing = new ListingRequest
        {
            OrganizationId = request.Bearer.OrganizationId,
            Shelf = TokenProfile.FlowGlobal.Listing!,
            Profiles = [.. profiles],
            Principals = [.. principals],
            From = Time(from),
            To = Time(to),
            Order = Sorts[string.IsNullOrEmpty(sort) ? "creationDate" : sort],
            Descending = order == "DESC",
            Offset = limit is { } size ? (page ?? 0) * size : 0,
            Limit = (int)(limit ?? LongestPage),
        };
        return new FlowQuery(listing, (int?)limit, limit is null ? 0 : (int)(page ?? 0), nothing);
    }

    private static Refusal Invalid(string message) =>
        BoomerangApi.Error(StatusCodes.Status400BadRequest, 1001, "QUERY_INVALID_FILTERS", message);

    private static List<string> Values(IQueryCollection query, string name) =>
        [.. query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];

    private static bool TryNumber(IQueryCollection query, string name, long least, long most, out long? number)
    {
        number = null;
        if (query[name] is not [{ Length: > 0 } text])
        {
            return query[name] is [] or [""];
        }

        var ok = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed)
            && parsed >= least && parsed <= most;
        number = ok ? parsed : null;
        return ok;
    }

    /// <summary>Times outside the calendar are its ends.</summary>
    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value
        ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(
            value, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        : null;
}
