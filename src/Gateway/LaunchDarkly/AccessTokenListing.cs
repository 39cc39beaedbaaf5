using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Facades;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.LaunchDarkly;

/// <summary>
/// The list of access tokens, oldest first: service tokens and the bearer's own member's; with <c>showAll</c>, for an
/// admin, everyone's. From API version 20240415 on it comes in pages of 25; before, it comes whole unless a limit is
/// given.
/// </summary>
internal static class AccessTokenListing
{
    private const int DefaultLimit = 25;
    private const int LongestPage = 1000;
    private const string VersionHeader = "LD-API-Version";

    public static async Task<Results<JsonList<AccessTokensWire>, Refusal>> List(
        ApiRequest request, LaunchDarklyApi api, IGrainFactory grains)
    {
        var http = request.Http;
        var query = http.Request.Query;
        if (!TryNumber(query, "limit", 1, out var asked) || !TryNumber(query, "offset", 0, out var offset))
        {
            return api.Error(ApiError.Invalid("limit must be a number from 1 on, and offset one from 0 on", "limit"));
        }

        if (!TryFlag(query, "showAll", out var showAll))
        {
            return api.Error(ApiError.Invalid("showAll must be true or false", "showAll"));
        }

        var bearer = request.Bearer;
        var rights = new AccessTokenRights(bearer);
        if (!rights.MayList)
        {
            return api.Error(ApiError.Forbidden("the bearer does not have the permission tokens:list"));
        }

        var listing = new ListingRequest
        {
            OrganizationId = bearer.OrganizationId,
            Shelf = TokenProfile.AccessToken.Listing!,
            MemberId = showAll && rights.IsAdmin ? null : rights.OwnMember ?? bearer.Caller.MemberId,
            OnlyIndependent = rights.OwnMember is null && !(showAll && rights.IsAdmin),
            Offset = offset ?? 0,
            Limit = LongestPage,
        };
        var limit = asked ?? (VersionOf(http, bearer) >= AccessTokenDetails.LatestVersion ? DefaultLimit : null);
        var page = limit is { } most
            ? await grains.GetGrain<ICatalogGrain>("0").ListFacade(
                listing with { Limit = (int)Math.Min(most, LongestPage) }, request.Aborted)
            : await Listings.Rest(grains, listing, request.Aborted);
        var tokens = await PresentRoles.Of(page.Tokens, grains, request.Aborted);
        return new JsonList<AccessTokensWire>(
            new()
            {
                Items = [.. tokens.Select(token => AccessTokenWire.From(token, null))],
                TotalCount = page.Total,
                Links = Links(http.Request, limit is { } size ? Math.Min(size, LongestPage) : null, offset
                    ?? 0, page.Total),
            },
            LaunchDarklyJson.Wire.AccessTokensWire);
    }

    private static Dictionary<string, LinkWire> Links(HttpRequest request, long? limit, long offset, long total)
    {
        Dictionary<string, LinkWire> links = new() { ["self"] = new($"{request.Path}{request.QueryString}") };
        if (limit is not { } size || (total <= size && offset == 0))
        {
            return links;
        }

        var last = total == 0 ? 0 : (total - 1) / size * size;
        links["first"] = At(request, size, 0);
        links["last"] = At(request, size, last);
        if (offset + size < total)
        {
            links["next"] = At(request, size, offset + size);
        }

        if (offset > 0)
        {
            links["prev"] = At(request, size, Math.Max(0, offset - size));
        }

        return links;
    }

    private static LinkWire At(HttpRequest request, long limit, long offset)
    {
        var all = request.Query["showAll"] is [var showAll] ? $"&showAll={Uri.EscapeDataString(showAll ?? "")}" : "";
        return new($"{request.Path}?limit={limit}&offset={offset}{all}");
    }

    /// <summary>The version of the request, else the bearer's.</summary>
    private static int VersionOf(HttpContext http, Bearer bearer) =>
        int.TryParse(
            http.Request.Headers[VersionHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : AccessTokenDetails.Of(bearer.Token).DefaultApiVersion;

    private static bool TryNumber(IQueryCollection query, string name, long least, out long? number)
    {
        number = null;
        if (!query.TryGetValue(name, out var values))
        {
            return true;
        }

        if (values is not [var text]
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) || parsed < least)
        {
            return false;
        }

        number = parsed;
        return true;
    }

    private static bool TryFlag(IQueryCollection query, string name, out bool flag)
    {
        flag = false;
        return !query.TryGetValue(name, out var values) || (values is [var text] && bool.TryParse(text, out flag));
    }
}
