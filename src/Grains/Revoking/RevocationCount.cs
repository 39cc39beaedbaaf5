using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Previews;
using TokenActors.Grains.StoredTokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>Counts what the revocation of some tokens ends, and what was made with them and stays.</summary>
internal sealed class RevocationCount(IRecordStore store, DateTimeOffset now)
{
    private const int PageSize = 1_000;

    /// <summary>Tokens below the chosen ones, of which more are not counted.</summary>
    private const int MostBelow = 20_000;

    private readonly AffectedTally _tally = new(now);
    private readonly HashSet<string> _seen = [];
    private int _below;

    /// <summary>Chosen tokens that are gone since are not counted.</summary>
    public async Task<AffectedTokens> Run(IReadOnlyList<TokenId> tokens)
    {
        _seen.UnionWith(tokens.Select(token => token.ToString()));
        var (ending, staying) = await CountChosen(tokens);
        while (ending.Count + staying.Count > 0 && _below < MostBelow)
        {
            (ending, staying) = await CountBelow(ending, staying);
        }

        return _tally.ToAffected(isCut: _below >= MostBelow);
    }

    /// <summary>A default token is disabled, not deleted: what was made with it stays.</summary>
    /// <returns>the tokens whose children end with them, and those whose children stay</returns>
    private async Task<(List<string> Ending, List<string> Staying)> CountChosen(IReadOnlyList<TokenId> tokens)
    {
        List<string> ending = [];
        List<string> staying = [];
        foreach (var some in tokens.Chunk(PageSize))
        {
            foreach (var row in await store.ReadMany(Kinds.Token, [.. some.Select(token => token.ToString())]))
            {
                if (TokenRow.Read(row) is { DeletedAt: null } token)
                {
                    _tally.NoteEnding(
                        row, token,
                        isDescendant: row.ParentId is { } parent && parent != row.Key.Id && _seen.Contains(parent));
                    (token.Profile == TokenProfile.Default ? staying : ending).Add(row.Key.Id);
                }
            }
        }

        return (ending, staying);
    }

    /// <summary>One level. What was made with a token that stays is counted as staying whatever it belongs
    /// to.</summary>
    private async Task<(List<string> Ending, List<string> Staying)> CountBelow(
        List<string> ending, List<string> staying)
    {
        List<string> nextEnding = [];
        List<string> nextStaying = [];
        await foreach (var row in Below(ending))
        {
            if (row.BelongsTo is null)
            {
                _tally.NoteEnding(row, TokenRow.Read(row), isDescendant: true);
                nextEnding.Add(row.Key.Id);
            }
            else
            {
                nextStaying.Add(row.Key.Id);
            }
        }

        await foreach (var row in Below(staying))
        {
            nextStaying.Add(row.Key.Id);
        }

        _tally.Staying += nextStaying.Count;
        return (nextEnding, nextStaying);
    }

    /// <summary>Rows that were made with some tokens and were not counted yet.</summary>
    private async IAsyncEnumerable<StoredRecord> Below(List<string> tokens)
    {
        foreach (var parents in tokens.Chunk(PageSize))
        {
            if (_below >= MostBelow)
            {
                yield break;
            }

            foreach (var row in await store.Children(Kinds.Token, parents, MostBelow - _below, stayingToo: true))
            {
                if (_seen.Add(row.Key.Id))
                {
                    _below++;
                    yield return row;
                }
            }
        }
    }
}
