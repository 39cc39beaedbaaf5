using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenActors.Domain.Boomerang;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Boomerang;

/// <summary>
/// <c>GET /api/v2/token/query</c>: by types, principals and creation date (from inclusive, to exclusive); without a limit everything in one
/// page. Lists may repeat their parameter or separate by commas. Expired tokens stay listed, as not valid.
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

    private sealed record Request(ListingRequest Listing, int? Limit, int Page, bool FindsNothing);

    public static async Task<IResult> Query(HttpContext http, BoomerangApi api, IGrainFactory grains, TimeProvider time)
    {
        var rights = new FlowRights(http.Bearer());
        if (!rights.May(FlowPermission.ReadTokens))
        {
            return api.Error(http, ApiError.Forbidden("the bearer does not have the permission token/read"));
        }

        var (request, problem) = Read(http, rights);
        if (request is null)
        {
            return BoomerangApi.Error(http, StatusCodes.Status400BadRequest, 1001, "QUERY_INVALID_FILTERS", problem!);
        }

        var found = request.FindsNothing ? new ListingPage { Tokens = [], Total = 0 }
            : request.Limit is null ? await Listings.Rest(grains, request.Listing)
            : await grains.GetGrain<ICatalogGrain>("0").ListFacade(request.Listing);
        var now = time.GetUtcNow();
        return TypedResults.Json(
            PageOf([.. found.Tokens.Select(token => FlowTokenWire.From(token, now))], found.Total, request.Limit, request.Page),
            BoomerangJson.Wire.FlowPage);
    }

    private static FlowPage PageOf(IReadOnlyList<FlowTokenWire> tokens, long total, int? limit, long number)
    {
        var sort = new FlowSort(Sorted: true, Unsorted: false, Empty: false);
        var pages = limit is { } size ? (total + size - 1) / size : 1;
        return new FlowPage
        {
            Content = tokens,
            Pageable = limit is { } pageSize
                ? JsonSerializer.SerializeToNode(
                    new FlowPageable(number, pageSize, sort, number * pageSize, Paged: true, Unpaged: false), BoomerangJson.Wire.FlowPageable)!
                : JsonValue.Create("INSTANCE"),
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

    private static (Request? Request, string? Problem) Read(HttpContext http, FlowRights rights)
    {
        var query = http.Request.Query;
        var types = Values(query, "types");
        if (types.FirstOrDefault(type => !FlowTypes.All.Contains(type)) is { } strange)
        {
            return (null, $"'{strange}' is no type of tokens");
        }

        if (!TryNumber(query, "limit", 1, LongestPage, out var limit) || !TryNumber(query, "page", 0, int.MaxValue, out var page))
        {
            return (null, $"limit must be 1 to {LongestPage}, and page 0 or more");
        }

        if (!TryNumber(query, "fromDate", long.MinValue, long.MaxValue, out var from) || !TryNumber(query, "toDate", long.MinValue, long.MaxValue, out var to))
        {
            return (null, "fromDate and toDate must be milliseconds since 1970");
        }

        string? sort = query["sort"], order = query["order"];
        if (!string.IsNullOrEmpty(sort) && !Sorts.ContainsKey(sort))
        {
            return (null, $"sort must be one of {string.Join(", ", Sorts.Keys)}");
        }

        if (order is not (null or "" or "ASC" or "DESC"))
        {
            return (null, "order must be ASC or DESC");
        }

        var principals = Values(query, "principals");
        if (principals.Any(principal => !StorableText.Is(principal)))
        {
            return (null, "principals must be texts");
        }

        // Session tokens are not made here, so that nobody has one.
        var profiles = types.Where(type => type != FlowTypes.Session).Select(type => FlowTypes.ProfileOf(type).Name).ToArray();
        var nothing = types.Count > 0 && profiles.Length == 0;
        if (rights.Bounds is { } bounds)
        {
            nothing |= (profiles.Length > 0 && !profiles.Contains(bounds.Profile)) || (principals.Count > 0 && !principals.Contains(bounds.Principal));
            (profiles, principals) = ([bounds.Profile], [bounds.Principal]);
        }

        var listing = new ListingRequest
        {
            OrganizationId = http.Bearer().OrganizationId,
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
        return (new Request(listing, (int?)limit, limit is null ? 0 : (int)(page ?? 0), nothing), null);
    }

    private static List<string> Values(IQueryCollection query, string name) =>
        [.. query[name].SelectMany(value => (value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];

    private static bool TryNumber(IQueryCollection query, string name, long least, long most, out long? number)
    {
        number = null;
        if (query[name] is not [{ Length: > 0 } text])
        {
            return query[name] is [] or [""];
        }

        var ok = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) && parsed >= least && parsed <= most;
        number = ok ? parsed : null;
        return ok;
    }

    /// <summary>Times outside the calendar are its ends.</summary>
    private static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value
        ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(value, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
        : null;
}
