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
        Tally tally = new(now - Recent);
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
                tally.Count(TokenProfile.Named(token.Profile), token.LastUsedAt, isDescendant: token.ParentId != token.Id);
            }

            cursor = page.Next;
        }
        while (cursor is not null && others.Count <= MostTokens);

        return others.Count > MostTokens
            ? null
            : new RevocationSelection([.. others, .. own], tally.Affected);
    }

    /// <summary>Tokens that were chosen before; those that are gone since are not counted.</summary>
    public static async Task<RevocationSelection> Of(IRecordStore store, IReadOnlyList<TokenId> tokens, DateTimeOffset now)
    {
        Tally tally = new(now - Recent);
        foreach (var some in tokens.Chunk(PageSize))
        {
            foreach (var row in await store.ReadMany(Kinds.Token, [.. some.Select(token => token.ToString())]))
            {
                if (TokenRow.Read(row) is { DeletedAt: null } token)
                {
                    tally.Count(token.Profile, row.LastUsedAt, isDescendant: token.ParentId != token.Id);
                }
            }
        }

        return new RevocationSelection(tokens, tally.Affected);
    }

    /// <summary>The same, with what was made with the chosen tokens counted too: it goes along.</summary>
    public async Task<AffectedTokens> AffectedWithBelow(IRecordStore store, DateTimeOffset now)
    {
        Tally tally = new(now - Recent, Affected);
        HashSet<string> seen = [.. Tokens.Select(token => token.ToString())];
        var below = 0;
        for (List<string> level = [.. seen]; level.Count > 0 && below < MostCounted;)
        {
            List<string> next = [];
            foreach (var parents in level.Chunk(PageSize).TakeWhile(_ => below < MostCounted))
            {
                var rows = await store.Children(Kinds.Token, parents, MostCounted - below);
                foreach (var row in rows.Where(row => seen.Add(row.Key.Id)))
                {
                    tally.Count(TokenRow.Read(row).Profile, row.LastUsedAt, isDescendant: true);
                    below++;
                    next.Add(row.Key.Id);
                }
            }

            level = next;
        }

        return tally.Affected with { IsCut = below >= MostCounted };
    }

    /// <summary>Counts tokens.</summary>
    /// <param name="recent">from when on a use is a recent one</param>
    /// <param name="before">what was counted already; null: nothing</param>
    private sealed class Tally(DateTimeOffset recent, AffectedTokens? before = null)
    {
        private readonly SortedDictionary<string, int> _kinds = new(
            (before?.Kinds ?? []).ToDictionary(kind => kind.Kind, kind => kind.Count), StringComparer.Ordinal);

        private int _usedLastDay = before?.UsedLastDay ?? 0;
        private int _descendants = before?.Descendants ?? 0;

        public AffectedTokens Affected => new()
        {
            Kinds = [.. _kinds.Select(kind => new KindCount { Kind = kind.Key, Count = kind.Value })],
            UsedLastDay = _usedLastDay,
            Descendants = _descendants,
        };

        public void Count(TokenProfile profile, DateTimeOffset? lastUsed, bool isDescendant)
        {
            var kind = TokenKinds.Of(profile);
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
            _usedLastDay += lastUsed > recent ? 1 : 0;
            _descendants += isDescendant ? 1 : 0;
        }
    }
}
