using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Abstractions.Revoking;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Revoking;

/// <summary>The tokens that a job is about, chosen once.</summary>
/// <param name="Tokens">by id, the caller's own last</param>
/// <param name="Affected">what they are</param>
internal sealed record RevocationSelection(IReadOnlyList<TokenId> Tokens, AffectedTokens Affected)
{
    private const int MostTokens = 200_000;
    private const int PageSize = 1_000;

    private static readonly TimeSpan Recent = TimeSpan.FromHours(24);

    /// <returns>null where there are more than one job takes</returns>
    public static async Task<RevocationSelection?> Choose(
        ICatalogGrain catalog, MakeRevocationJob command, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<TokenView> found = [];
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
            found.AddRange(page.Tokens ?? []);
            cursor = page.Next;
        }
        while (cursor is not null && found.Count <= MostTokens);

        return found.Count > MostTokens
            ? null
            : new RevocationSelection(
                [.. found.Select(token => token.Id).Where(id => id != caller.TokenId), .. found.Select(token => token.Id).Where(id => id == caller.TokenId)],
                Count(found, now));
    }

    private static AffectedTokens Count(List<TokenView> tokens, DateTimeOffset now) => new()
    {
        Kinds =
        [
            .. tokens.CountBy(token => TokenKinds.Of(TokenProfile.Named(token.Profile))).OrderBy(kind => kind.Key, StringComparer.Ordinal)
                .Select(kind => new KindCount { Kind = kind.Key, Count = kind.Value }),
        ],
        UsedLastDay = tokens.Count(token => token.LastUsedAt > now - Recent),
        Descendants = tokens.Count(token => token.ParentId != token.Id),
    };
}
