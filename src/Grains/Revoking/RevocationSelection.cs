using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Abstractions.Revoking;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>The tokens that a job is about, chosen once.</summary>
/// <param name="Tokens">by id, the caller's own last</param>
/// <param name="Affected">what they are</param>
internal sealed record RevocationSelection(IReadOnlyList<TokenId> Tokens, AffectedTokens Affected)
{
    private const int MostTokens = 200_000;
    private const int PageSize = 1_000;

    /// <summary>Tokens that go along, of which more are not counted.</summary>
    private const int MostCounted = 20_000;

    private static readonly TimeSpan Recent = TimeSpan.FromHours(24);

    /// <returns>null where there are more than one job takes</returns>
    public static async Task<RevocationSelection?> Choose(
        ICatalogGrain catalog, MakeRevocationJob command, Caller caller, DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<TokenId> others = [];
        List<TokenId> own = [];
        SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
        var (usedLastDay, descendants) = (0, 0);
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
                var kind = TokenKinds.Of(TokenProfile.Named(token.Profile));
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
                usedLastDay += token.LastUsedAt > now - Recent ? 1 : 0;
                descendants += token.ParentId != token.Id ? 1 : 0;
            }

            cursor = page.Next;
        }
        while (cursor is not null && others.Count <= MostTokens);

        return others.Count > MostTokens
            ? null
            : new RevocationSelection([.. others, .. own], new AffectedTokens
            {
                Kinds = [.. kinds.Select(kind => new KindCount { Kind = kind.Key, Count = kind.Value })],
                UsedLastDay = usedLastDay,
                Descendants = descendants,
            });
    }

    /// <summary>Tokens that were chosen before; those that are gone since are not counted.</summary>
    public static async Task<RevocationSelection> Of(IRecordStore store, IReadOnlyList<TokenId> tokens, DateTimeOffset now)
    {
        SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
        var (usedLastDay, descendants) = (0, 0);
        foreach (var some in tokens.Chunk(PageSize))
        {
            foreach (var row in await store.ReadMany(Kinds.Token, [.. some.Select(token => token.ToString())]))
            {
                if (TokenRow.Read(row) is not { DeletedAt: null } token)
                {
                    continue;
                }

                var kind = TokenKinds.Of(token.Profile);
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
                usedLastDay += row.LastUsedAt > now - Recent ? 1 : 0;
                descendants += token.ParentId != token.Id ? 1 : 0;
            }
        }

        return new RevocationSelection(tokens, new AffectedTokens
        {
            Kinds = [.. kinds.Select(kind => new KindCount { Kind = kind.Key, Count = kind.Value })],
            UsedLastDay = usedLastDay,
            Descendants = descendants,
        });
    }

    /// <summary>The same, with what was made with the chosen tokens counted too: it goes along.</summary>
    public async Task<AffectedTokens> AffectedWithBelow(IRecordStore store, DateTimeOffset now)
    {
        var kinds = Affected.Kinds.ToDictionary(kind => kind.Kind, kind => kind.Count);
        HashSet<string> seen = [.. Tokens.Select(token => token.ToString())];
        var (usedLastDay, below) = (Affected.UsedLastDay, 0);
        for (List<string> level = [.. seen]; level.Count > 0 && below < MostCounted;)
        {
            List<string> next = [];
            foreach (var parents in level.Chunk(PageSize).TakeWhile(_ => below < MostCounted))
            {
                var rows = await store.Children(Kinds.Token, parents, MostCounted - below);
                foreach (var row in rows.Where(row => seen.Add(row.Key.Id)))
                {
                    var kind = TokenKinds.Of(TokenRow.Read(row).Profile);
                    kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
                    usedLastDay += row.LastUsedAt > now - Recent ? 1 : 0;
                    below++;
                    next.Add(row.Key.Id);
                }
            }

            level = next;
        }

        return Affected with
        {
            Kinds = [.. kinds.OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => new KindCount { Kind = kind.Key, Count = kind.Value })],
            UsedLastDay = usedLastDay,
            Descendants = Affected.Descendants + below,
            IsCut = below >= MostCounted,
        };
    }
}
