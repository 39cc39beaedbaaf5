using System.Collections.Immutable;
using System.Text;

namespace TokenActors.Domain.Lists;

/// <summary>
/// The values of a filter. One that begins with a quote goes on to the next single quote, commas and all; two quotes
/// inside stand for one, as in RFC 4180. Any other is taken as it is, quotes and all, to the next comma of a list.
/// </summary>
internal static class QuotedValues
{
    /// <returns>null where a quoted value does not end, or something other than a comma comes after it</returns>
    public static ImmutableArray<string>? Read(string text, bool isList)
    {
        var values = ImmutableArray.CreateBuilder<string>();
        for (var at = 0; ; at++)
        {
            if (at < text.Length && text[at] == '"')
            {
                if (Quoted(text, ref at) is not { } quoted || (at < text.Length && !(isList && text[at] == ',')))
                {
                    return null;
                }

                values.Add(quoted);
            }
            else
            {
                var comma = isList ? text.IndexOf(',', at) : -1;
                var end = comma < 0 ? text.Length : comma;
                values.Add(text[at..end]);
                at = end;
            }

            if (at >= text.Length)
            {
                return values.ToImmutable();
            }
        }
    }

    /// <summary>Reads from the opening quote to behind the closing one; null where there is none.</summary>
    private static string? Quoted(string text, ref int at)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '"')
            {
                value.Append(text[at]);
            }
            else if (++at < text.Length && text[at] == '"')
            {
                value.Append('"');
            }
            else
            {
                return value.ToString();
            }
        }

        return null;
    }
}
