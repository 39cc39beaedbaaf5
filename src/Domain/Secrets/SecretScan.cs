using System.Text.RegularExpressions;

namespace TokenActors.Domain.Secrets;

/// <summary>Finds secrets where nobody meant to put one: in a path, a query, a user agent, a name.</summary>
public static partial class SecretScan
{
    private const int MostDecoded = 5;

    /// <summary>The text with every secret of this service masked, so that it may be noted or shown.</summary>
    public static string Mask(string text)
    {
        // Whoever reads a note may decode it once more, and so does this: behind a secret that is seen, another may be
        // encoded more often.
        var decoded = text;
        for (var times = 0; times < MostDecoded && decoded.Contains('%'); times++)
        {
            decoded = Uri.UnescapeDataString(decoded);
            text = Holds(decoded) ? decoded : text;
        }

        return text.Length < SecretFormat.ShortestLength
            ? text
            : Candidate().Replace(text, match => Masked(match.Value));
    }

    /// <summary>Whether some part of the text is a secret.</summary>
    public static bool Holds(string text) =>
        text.Length >= SecretFormat.ShortestLength
            && Candidate().Matches(text).Any(match => Masked(match.Value) != match.Value);

    /// <summary>The secrets in a text as it stands.</summary>
    public static IEnumerable<Secret> Find(string text) => Candidate().Matches(text)
        .Select(match => (match.Value, Start: StartOf(match.Value)))
        .Where(found => found.Start >= 0)
        .Select(found => new Secret(found.Value[found.Start..]));

    /// <summary>The secrets in a text as it stands, and in what it says once its percent-encoding is undone.</summary>
    public static IEnumerable<Secret> FindEncoded(string text)
    {
        foreach (var secret in Find(text))
        {
            yield return secret;
        }

        for (var times = 0; times < MostDecoded && text.Contains('%'); times++)
        {
            text = Uri.UnescapeDataString(text);
            foreach (var secret in Find(text))
            {
                yield return secret;
            }
        }
    }

    /// <summary>The letters before a prefix may run into it, so that every beginning is tried.</summary>
    private static int StartOf(string candidate)
    {
        for (var start = 0; start <= candidate.Length - SecretFormat.ShortestLength; start++)
        {
            if (SecretFormat.TryParse(candidate.AsSpan(start), out _))
            {
                return start;
            }
        }

        return -1;
    }

    private static string Masked(string candidate) =>
        StartOf(candidate) is var start and >= 0 ? candidate[..start] + new Secret(candidate[start..]) : candidate;

    /// <summary>Up to a prefix's length of letters, its separator, and what follows it in a secret.</summary>
    [GeneratedRegex("[a-z_]{1,6}[_-][0-9A-Za-z]{71}")]
    private static partial Regex Candidate();
}
