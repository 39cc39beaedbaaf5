namespace TokenActors.Domain.Imports;

/// <summary>
/// Finds what may be an imported key where nobody meant to put one: in a path, a user agent, a name. A key that stands
/// within a longer word is none.
/// </summary>
/// <param name="schemes">of one organization</param>
public sealed class ImportedKeyScan(IReadOnlyList<ImportScheme> schemes)
{
    private const int LastShown = 4;
    private const int MostDecoded = 5;

    /// <summary>The scheme of the first key in a text; null where it holds none.</summary>
    public ImportScheme? SchemeIn(string text) =>
        schemes.FirstOrDefault(scheme => PlaceOf(scheme, text, 0) >= 0);

    /// <summary>The text with every key masked, so that it may be noted or shown.</summary>
    public string Mask(string text)
    {
        // Whoever reads a note may decode it once more, and so does this.
        var decoded = text;
        for (var times = 0; times < MostDecoded && decoded.Contains('%'); times++)
        {
            decoded = Uri.UnescapeDataString(decoded);
            if (SchemeIn(decoded) is not null)
            {
                text = decoded;
                break;
            }
        }

        foreach (var scheme in schemes)
        {
            text = Mask(scheme, text);
        }

        return text;
    }

    private static string Mask(ImportScheme scheme, string text)
    {
        for (var at = PlaceOf(scheme, text, 0); at >= 0; at = PlaceOf(scheme, text, at + scheme.Prefix.Length))
        {
            var shown = Math.Min(LastShown, scheme.RandomCharacters / 2);
            text = string.Concat(
                text.AsSpan(0, at + scheme.Prefix.Length), "…", text.AsSpan(at + scheme.Length - shown));
        }

        return text;
    }

    /// <summary>Where a key of a scheme begins; negative where the text holds none from a place on.</summary>
    private static int PlaceOf(ImportScheme scheme, string text, int from)
    {
        for (var at = text.IndexOf(scheme.Prefix, from, StringComparison.Ordinal); at >= 0
            && at + scheme.Length <= text.Length;
            at = text.IndexOf(scheme.Prefix, at + 1, StringComparison.Ordinal))
        {
            var end = at + scheme.Length;
            if (scheme.Fits(text.AsSpan(at, scheme.Length))
                && (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]))
                && (end == text.Length || !char.IsAsciiLetterOrDigit(text[end])))
            {
                return at;
            }
        }

        return -1;
    }
}
