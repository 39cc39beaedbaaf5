using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Revoking;

namespace TokenActors.Grains.Revoking;

/// <summary>The tokens that a job is about, chosen once.</summary>
internal static class RevocationSelection
{
    private const int MostTokens = 200_000;
    private const int PageSize = 1_000;

    /// <returns>by id, the caller's own last; null where there are more than one job takes</returns>
    public static async Task<IReadOnlyList<TokenId>?> Choose(
        ICatalogGrain catalog, MakeRevocationJob command, Caller caller, CancellationToken cancellationToken)
    {
        List<TokenId> others = [];
        List<TokenId> own = [];
        string? cursor = null;
        do
        {
            var page = await catalog.ListEveryToken(
                new TokenListRequest
                {
                    OrganizationId = caller.OrganizationId, MemberId = command.MemberId, Filters = command.Filters, Limit = PageSize,
                    Cursor = cursor, Caller = caller,
                },
                cancellationToken);
            foreach (var token in page.Tokens ?? [])
            {
                (token.Id == caller.TokenId ? own : others).Add(token.Id);
            }

            cursor = page.Next;
        }
        while (cursor is not null && others.Count <= MostTokens);

        return others.Count > MostTokens ? null : [.. others, .. own];
    }
}
