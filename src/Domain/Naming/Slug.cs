using System.Text;

namespace TokenActors.Domain.Naming;

/// <summary>
/// Names of the Management API: lower-case slugs of [a-z0-9_~-], at most 128 characters, unique without regard to
/// case.
/// </summary>
public static class Slug
{
    public const int MaxLength = 128;

    /// <summary>
    /// Lower-cases a given name. False where it holds anything else than letters, digits, <c>_</c>, <c>~</c> and
    /// <c>-</c>.
    /// </summary>
    public static bool TryNormalize(string name, out string slug)
    {
        // The name as given is looked at: the lower case of some other characters, such as the Kelvin sign, is an
        // ASCII letter.
        slug = name.ToLowerInvariant();
        return name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterUpper(c) || IsSlugCharacter(c));
    }

    /// <summary>
    /// Derives a slug from a display name (<c>Demo Tenant 1</c> → <c>demo-tenant-1</c>). Null where nothing usable is
    /// left, where it holds letters that no slug has (leaving them out would make one name of many), and where it would
    /// have the form of an id, and be found in place of what has this id.
    /// </summary>
    public static string? Derive(string fullname)
    {
        if (fullname.EnumerateRunes().Any(rune => !rune.IsAscii && Rune.IsLetterOrDigit(rune)))
        {
            return null;
        }

        var slug = new StringBuilder(fullname.Length);
        foreach (var c in fullname.ToLowerInvariant())
        {
            if (IsSlugCharacter(c) && c != '-')
            {
                slug.Append(c);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString().Trim('-');
        text = text[..Math.Min(text.Length, MaxLength)];
        return text.Length == 0 || Guid.TryParse(text, out _) ? null : text;
    }

    private static bool IsSlugCharacter(char c) =>
        char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '~' or '-';
}
