using System.Globalization;
using System.Text;

namespace TokenActors.Domain.Members;

/// <summary>How names of members are written, so that no two look alike (RFC 8265 3.3).</summary>
public static class MemberNames
{
    /// <summary>
    /// The name with letters and their accents in one character (NFC), as keyboards write them in one or in two; null
    /// where the text has no such form.
    /// </summary>
    public static string? Composed(string text)
    {
        try
        {
            return text.Normalize();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// One text for all spellings by which a log-on finds the same member. In upper case, since some letters have two
    /// lower ones, such as the sigma.
    /// </summary>
    public static string Compared(string name) => (Composed(name) ?? name).ToUpperInvariant();

    /// <summary>
    /// The composed name; null where something in it is not seen, or not in the usual width (RFC 8264 9.11 and 9.17).
    /// </summary>
    public static string? Plain(string text) =>
        Composed(text) is { } composed && composed == composed.Normalize(NormalizationForm.FormKC)
        && composed.EnumerateRunes().All(IsSeen)
            ? composed
            : null;

    private static bool IsSeen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not (0x034F or 0x115F or 0x1160 or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF));
}
