using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Gateway.Cloudflare;

/// <summary>
/// The list of service tokens, oldest first. A page past the end is empty, which is how Cloudflare's clients find the
/// end. The default page is the longest, since older clients read one page only.
/// </summary>
internal static class ServiceTokenListing
{
    private const int LongestPage = 1000;

    public static async Task<Results<JsonList<CloudflareEnvelope<IReadOnlyList<ServiceTokenWire>>>, Refusal>> List(
        ApiRequest request, CloudflareApi api, IGrainFactory grains)
    {
        var query = request.Http.Request.Query;
        if (!TryNumber(query, "page", 1, int.MaxValue, out var page)
            || !TryNumber(query, "per_page", LongestPage, LongestPage, out var perPage))
        {
            return api.Error(ApiError.Invalid($"page must be at least 1, and per_page 1 to {LongestPage}", "page"));
        }

        string? name = query["name"], search = query["search"];
        if (!StorableText.Is(name) || !StorableText.Is(search))
        {
            return api.Error(ApiError.Invalid("name and search must be text", "name"));
        }

        var found = await grains.GetGrain<ICatalogGrain>("0").ListFacade(new ListingRequest
        {
            OrganizationId = request.Bearer.OrganizationId,
            Shelf = TokenProfile.ServiceToken.Listing!,
            Name = string.IsNullOrEmpty(name) ? null : name,
            Search = string.IsNullOrEmpty(search) ? null : search,
            Offset = (page - 1L) * perPage,
            Limit = perPage,
        }, request.Aborted);
        return new JsonList<CloudflareEnvelope<IReadOnlyList<ServiceTokenWire>>>(
            new()
            {
                Success = true,
                Result = [.. found.Tokens.Select(token => ServiceTokenWire.From(token, null))],
                ResultInfo = new CloudflarePage(
                    page, perPage, found.Tokens.Length, found.Total, (found.Total + perPage - 1) / perPage),
            },
            CloudflareJson.Wire.CloudflareEnvelopeIReadOnlyListServiceTokenWire);
    }

    private static bool TryNumber(IQueryCollection query, string name, int otherwise, int most, out int number)
    {
        number = otherwise;
        return !query.TryGetValue(name, out var values)
            || (values is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= 1 && number <= most);
    }
}
