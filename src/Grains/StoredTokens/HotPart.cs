using System.Globalization;
using TokenActors.Domain.Tokens;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.StoredTokens;

/// <summary>
/// What a refresh changes of a token, in bytes, so that the JSON of its row is written only where something else
/// changes. A form byte; five times in digits, which lists order by (<see cref="StoredRecord.HotTimeDigits"/>); then
/// numbers little-endian, times as ticks of 100 ns since 1970, texts behind their length, digests behind the place of
/// their pepper. docs/decisions/0055 has it field by field.
/// </summary>
internal static class HotPart
{
    /// <summary>The first byte. A change of what follows takes another, and the programs that read it first.</summary>
    public const byte Form = 1;

    /// <summary>Which parts are there, and what is true.</summary>
    [Flags]
    public enum Has : byte
    {
        None = 0,
        Primary = 1,
        PrimaryByRefresh = 2,
        Secondary = 4,
        PrimaryScheme = 8,
        SecondaryScheme = 16,
        Notice = 32,
        ExpiryNoted = 64,
    }

    /// <summary>
    /// Whether two states differ in nothing but what is written here or in the columns of the row. A property that a
    /// later program adds differs until it is named here: it is written with the JSON, never lost.
    /// </summary>
    public static bool IsAllThatDiffers(TokenState before, TokenState next) => next == before with
    {
        Version = next.Version,
        UpdatedAt = next.UpdatedAt,
        ExpiresAt = next.ExpiresAt,
        SecretVersion = next.SecretVersion,
        UsesLeft = next.UsesLeft,
        NoticedDays = next.NoticedDays,
        ExpiryNoted = next.ExpiryNoted,
        PrimaryByRefresh = next.PrimaryByRefresh,
        Primary = next.Primary,
        Secondary = next.Secondary,
        Spent = next.Spent,
        PrimaryPresentedAt = next.PrimaryPresentedAt,
        SealedPrimary = next.SealedPrimary,
    };

    public static byte[] Of(TokenState state) => HotPartWriter.Write(state);

    /// <summary>A state with what a row holds here.</summary>
    /// <param name="hot">the row's bytes</param>
    /// <param name="state">what the row's JSON and columns hold</param>
    /// <param name="version">the row's version</param>
    /// <exception cref="InvalidDataException">the bytes are of another form or version, or damaged</exception>
    public static TokenState Read(byte[] hot, TokenState state, long version)
    {
        try
        {
            return HotPartReader.Read(hot, state, version);
        }
        catch (Exception e) when (
            e is IOException or IndexOutOfRangeException or FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"the hot part of token {state.Id} is damaged", e);
        }
    }

    /// <summary>Enough of a row's version to tell that another program wrote the row without its hot part.</summary>
    public static ushort MarkOf(long version) => unchecked((ushort)version);

    /// <summary>
    /// Which of the spent secrets, newest first, stands at a place. Each version of the secret spends one, which takes
    /// the place of the oldest: the others stay where they are, and the database need not log them.
    /// </summary>
    public static int SpentAt(int place, long secretVersion, int count)
    {
        if (count < TokenMachine.MostSpent)
        {
            return place;
        }

        var index = (secretVersion - place) % count;
        return (int)(index < 0 ? index + count : index);
    }

    public static Exception Misfit(TokenState state, string what) => new InvalidDataException(
        string.Create(CultureInfo.InvariantCulture, $"the hot part of token {state.Id} is of {what}"));
}
