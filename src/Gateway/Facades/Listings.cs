using System.Collections.Immutable;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Facades;

/// <summary>Lists of facades that may be asked for whole.</summary>
internal static class Listings
{
    private const int PageSize = 1000;

    /// <summary>Everything from the request's offset on, read in pages.</summary>
    public static async Task<ListingPage> Rest(IGrainFactory grains, ListingRequest request, CancellationToken aborted)
    {
        var tokens = ImmutableArray.CreateBuilder<TokenView>();
        ListingPage page;
        do
        {
            page = await grains.GetGrain<ICatalogGrain>("0").ListFacade(
                request with { Offset = request.Offset + tokens.Count, Limit = PageSize }, aborted);
            tokens.AddRange(page.Tokens);
        }
        while (page.Tokens.Length == PageSize);

        return new ListingPage { Tokens = tokens.ToImmutable(), Total = page.Total };
    }
}
