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
                _ => pattern.Append(char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c),
            };
        }

        return pattern.ToString();
    }
}
