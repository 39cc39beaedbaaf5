using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Previews;

/// <summary>What a change of many tokens ends, by kind, and how many stay.</summary>
/// <param name="now">from when back the last day is counted</param>
internal sealed class AffectedTally(DateTimeOffset now)
{
    private static readonly TimeSpan Recent = TimeSpan.FromHours(24);

    private readonly SortedDictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private int _usedLastDay;
    private int _descendants;

    /// <summary>Tokens that were made with one that goes, and do not go with it.</summary>
    public int Staying { get; set; }

    /// <summary>Counts a token that goes.</summary>
    /// <param name="row">its row</param>
    /// <param name="token">what the row holds</param>
    /// <param name="isDescendant">whether it goes only since one that it was made with does</param>
    public void NoteEnding(StoredRecord row, TokenState token, bool isDescendant)
    {
        var kind = TokenKinds.Of(token.Profile);
        _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        _usedLastDay += row.LastUsedAt > now - Recent ? 1 : 0;
        _descendants += isDescendant ? 1 : 0;
    }

    /// <param name="isCut">whether there are more than were counted</param>
    public AffectedTokens ToAffected(bool isCut) => new()
    {
        Kinds = [.. _kinds.Select(kind => new KindCount { Kind = kind.Key, Count = kind.Value })],
        UsedLastDay = _usedLastDay,
        Descendants = _descendants,
        Staying = Staying,
        IsCut = isCut,
    };
}
