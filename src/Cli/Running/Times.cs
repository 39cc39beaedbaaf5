using System.Globalization;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Running;

/// <summary>Times as people write them.</summary>
internal static class Times
{
    /// <summary><c>7d</c>, <c>90m</c> from now, or an RFC 3339 time; null where none is given.</summary>
    public static DateTimeOffset? Parse(string? text, TimeProvider time)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > 1 && UnitOf(text[^1]) is { } unit
            && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
        {
            return time.GetUtcNow() + (count * unit);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw CliException.Usage($"{text} is no time. Write 7d, 12h, 90m from now, or 2030-01-01T00:00:00Z.");
    }

    /// <summary>The same for what lies behind: <c>2d</c> is two days ago.</summary>
    public static DateTimeOffset Ago(string text, TimeProvider time)
    {
        var moment = Parse(text, time) ?? time.GetUtcNow();
        var now = time.GetUtcNow();
        return char.IsAsciiLetterLower(text[^1]) && moment > now ? now - (moment - now) : moment;
    }

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        'd' => TimeSpan.FromDays(1),
        'h' => TimeSpan.FromHours(1),
        'm' => TimeSpan.FromMinutes(1),
        's' => TimeSpan.FromSeconds(1),
        _ => null,
    };
}
