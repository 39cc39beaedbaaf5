using System.Collections.Concurrent;

namespace TokenActors.Domain.Identity;

/// <summary>
/// The kind of client that sent a request: the first product of its <c>User-Agent</c> (RFC 9110 10.1.5), without the
/// version. It is what a client says of itself, so that only letters of a product's name pass, and not many.
/// </summary>
public static class ClientFamily
{
    private const int Longest = 40;

    /// <summary>A name with so many letters and digits in a run, of both kinds, is a key that somebody sent as
    /// one.</summary>
    private const int LongestMixedRun = 19;

    /// <summary>Names that are kept, so that the same one is the same text and nothing is allocated for it.</summary>
    private const int MostKept = 1_000;

    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Such as <c>curl</c> of <c>curl/8.5.0</c>; null where the header begins with no product, or with what looks like
    /// a key.
    /// </summary>
    public static string? Of(ReadOnlySpan<char> userAgent)
    {
        var length = 0;
        while (length < userAgent.Length && length < Longest && IsOfName(userAgent[length]))
        {
            length++;
        }

        if (length == 0)
        {
            return null;
        }

        var name = userAgent[..length];
        if (BySpan.TryGetValue(name, out var known))
        {
            return known;
        }

        if (LooksLikeKey(name))
        {
            return null;
        }

        var family = name.ToString();
        if (Names.Count < MostKept)
        {
            Names.TryAdd(family, family);
        }

        return family;
    }

    private static bool LooksLikeKey(ReadOnlySpan<char> name)
    {
        var (run, digits) = (0, 0);
        foreach (var c in name)
        {
            (run, digits) = char.IsAsciiLetterOrDigit(c) ? (run + 1, digits + (char.IsAsciiDigit(c) ? 1 : 0)) : (0, 0);
            if (run > LongestMixedRun && digits > 0 && digits < run)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+';
}
