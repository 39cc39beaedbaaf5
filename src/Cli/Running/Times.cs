using System.Globalization;
using TokenActors.Cli.Foundation;

namespace TokenActors.Cli.Running;

/// <summary>
/// Times on the command line: a span such as <c>7d</c>, or an RFC 3339 time with its zone. Nothing else is taken, since
/// a guess at what was meant can end a secret at once.
/// </summary>
internal static class Times
{
    /// <summary>No span is longer, so that no sum leaves the calendar.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Those of RFC 3339; with a blank, as tables show them.</summary>
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <summary>What lies ahead: <c>7d</c> is seven days from now; null where nothing is given.</summary>
    /// <param name="text">of the command line</param>
    /// <param name="time">the clock</param>
    /// <exception cref="CliException">it is neither a span nor a time, or a span of more than 36,500 days</exception>
    public static DateTimeOffset? Parse(string? text, TimeProvider time)
    {
        if (text is null)
        {
            return null;
        }

        return SpanOf(text) is { } span ? time.GetUtcNow() + span : MomentOf(text);
    }

    /// <summary>As above. What a span means now is remembered, since a repetition has to mean the same.</summary>
    /// <param name="text">of the command line</param>
    /// <param name="invocation">the run that may have to be repeated</param>
    /// <exception cref="CliException">as above</exception>
    public static DateTimeOffset? Parse(string? text, Invocation invocation)
    {
        var moment = Parse(text, invocation.Time);
        if (text is not null && SpanOf(text) is not null && moment is { } meant)
        {
            invocation.Meant[text] = meant.UtcDateTime.ToString(Forms[0], CultureInfo.InvariantCulture);
        }

        return moment;
    }

    /// <summary>What lies behind: <c>2d</c> is two days ago.</summary>
    /// <param name="text">of the command line</param>
    /// <param name="time">the clock</param>
    /// <exception cref="CliException">as above</exception>
    public static DateTimeOffset Ago(string text, TimeProvider time) =>
        SpanOf(text) is { } span ? time.GetUtcNow() - span : MomentOf(text);

    private static TimeSpan? SpanOf(string text)
    {
        if (text.Length < 2 || !char.IsAsciiDigit(text[0]) || UnitOf(text[^1]) is not { } unit
            || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        return count * unit.TotalDays <= Longest.TotalDays
            ? count * unit
            : throw CliException.Usage($"{text} is too long: at most {Longest.TotalDays:0}d.");
    }

    private static DateTimeOffset MomentOf(string text) => DateTimeOffset.TryParseExact(
        text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
        ? moment
        : throw CliException.Usage(
            $"{text} is no time. Write 7d, 12h or 90m, or a time with its zone, such as 2030-01-01T00:00:00Z.");

    private static TimeSpan? UnitOf(char unit) => unit switch
    {
        'd' => TimeSpan.FromDays(1),
        'h' => TimeSpan.FromHours(1),
        'm' => TimeSpan.FromMinutes(1),
        's' => TimeSpan.FromSeconds(1),
        _ => null,
    };
}
