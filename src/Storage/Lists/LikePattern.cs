using System.Text;

namespace TokenActors.Storage.Lists;

/// <summary>What a client's pattern is in SQL, with <c>!</c> as the escape character.</summary>
internal static class LikePattern
{
    /// <summary>
    /// The LIKE pattern: <c>%</c> and <c>*</c> are wildcards, all other characters are literal, ASCII letters in either
    /// case.
    /// </summary>
    public static string Of(string value)
    {
        var pattern = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            _ = c switch
            {
                '*' or '%' => pattern.Append('%'),
                '_' or '!' or '[' => pattern.Append('!').Append(c),
                _ => pattern.Append(Folded(c)),
            };
        }

        return pattern.ToString();
    }

    /// <summary>As <c>LOWER</c> leaves a text on every database where its letters are ASCII.</summary>
    public static string FoldAscii(string text) => string.Concat(text.Select(Folded));

    private static char Folded(char c) => char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c;
}
