using System.Text;

namespace TokenActors.Domain.Naming;

/// <summary>
/// Names of the Management API: slugs of [A-Za-z0-9_~-], at most 128 characters, kept as they are given and unique
/// without regard to case (<see cref="Lists.NameKey"/>).
/// </summary>
public static class Slug
{
    public const int MaxLength = 128;

    /// <summary>Whether a given name holds ASCII letters, digits, <c>_</c>, <c>~</c> and <c>-</c> alone.</summary>
    public static bool Is(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterUpper(c) || IsSlugCharacter(c));

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
