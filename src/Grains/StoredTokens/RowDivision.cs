using TokenActors.Domain.Tokens;

namespace TokenActors.Grains.StoredTokens;

/// <summary>Whether the row of a token is divided into what a refresh changes and the rest.</summary>
/// <param name="IsMade">the next version is written so</param>
/// <param name="Before">the state whose rest is stored; null where no divided row is stored</param>
internal readonly record struct RowDivision(bool IsMade, TokenState? Before = null)
{
    /// <summary>Whether the rest is stored as it is to be, so that it need not be written.</summary>
    public bool Keeps(TokenState next) => IsMade && Before is { } before && HotPart.IsAllThatDiffers(before, next);
}
