using System.Globalization;

namespace TokenActors.Domain.Time;

/// <summary>
/// A duration as Go writes it: <c>1h30m</c>, <c>1.5h</c>, <c>300ms</c>; units ns, us, µs, ms, s, m, h. It keeps the
/// text as it was sent, since <c>token_ttl</c> comes back unchanged. Values are cut to whole microseconds.
/// </summary>
public sealed record GoDuration(string Text, TimeSpan Value)
{
    private static readonly (string Unit, decimal Nanoseconds)[] Units =
    [
        ("ns", 1m), ("us", 1_000m), ("µs", 1_000m), ("μs", 1_000m), ("ms", 1_000_000m),
        ("s", 1_000_000_000m), ("m", 60_000_000_000m), ("h", 3_600_000_000_000m),
    ];

    /// <summary>A life without an end. It is no Go duration, so only <see cref="TryParseLife"/> accepts it.</summary>
    public static readonly GoDuration Forever = new("forever", TimeSpan.MaxValue);

    /// <summary>A duration that is known to be well formed, such as a default.</summary>
    /// <exception cref="FormatException">it is not</exception>
    public static GoDuration Of(string text) =>
        TryParseLife(text, out var duration, out var problem)
            ? duration
            : throw new FormatException($"'{text}': {problem}");

    /// <summary>As <see cref="TryParse"/>, and <see cref="Forever"/>.</summary>
    public static bool TryParseLife(string? text, out GoDuration duration, out string problem)
    {
        if (text != Forever.Text)
        {
            return TryParse(text, out duration, out problem);
        }

        (duration, problem) = (Forever, "");
        return true;
    }

    /// <summary>
    /// Parses a duration of zero or more. What is wrong with it is said in <paramref name="problem"/>.
    /// </summary>
    public static bool TryParse(string? text, out GoDuration duration, out string problem)
    {
        duration = new GoDuration("0s", TimeSpan.Zero);
        if (string.IsNullOrEmpty(text))
        {
            problem = "is empty; write a duration such as 10m, 1h30m or 24h";
            return false;
        }

        if (text[0] is '-' or '+')
        {
            problem = text[0] == '-' ? "is negative" : "must not have a sign";
            return false;
        }

        if (text == "0")
        {
            duration = new GoDuration(text, TimeSpan.Zero);
            problem = "";
            return true;
        }

        var rest = text.AsSpan();
        var total = 0m;
        while (rest.Length > 0)
        {
            if (!TakeTerm(ref rest, out var nanoseconds))
            {
                problem = "is not a duration; write numbers with the units h, m, s, ms, us or ns, such as 1h30m";
                return false;
            }

            total += nanoseconds;
            if (total > long.MaxValue)
            {
                problem = "is too long (more than 292 years)";
                return false;
            }
        }

        duration = new GoDuration(text, TimeSpan.FromMicroseconds((long)(total / 1_000m)));
        problem = "";
        return true;
    }

    /// <summary>A span in its largest whole unit, as a bound is told: <c>24h</c>, <c>1m</c>, <c>10s</c>.</summary>
    public static string Shown(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => $"{span.TotalHours:0}h",
        { TotalMinutes: >= 1 } => $"{span.TotalMinutes:0}m",
        _ => $"{span.TotalSeconds:0}s",
    };

    public override string ToString() => Text;

    private static bool TakeTerm(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var digits = 0;
        while (digits < rest.Length && (char.IsAsciiDigit(rest[digits]) || rest[digits] == '.'))
        {
            digits++;
        }

        // No duration up to 292 years has more than 20 digits, even in nanoseconds, and 20 digits fit a decimal.
        var culture = CultureInfo.InvariantCulture;
        if (digits is 0 or > 20
            || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, culture, out var number))
        {
            return false;
        }

        rest = rest[digits..];
        var letters = 0;
        while (letters < rest.Length && !char.IsAsciiDigit(rest[letters]) && rest[letters] != '.')
        {
            letters++;
        }

        foreach (var (unit, size) in Units)
        {
            if (rest[..letters].SequenceEqual(unit))
            {
                // Compared before it is multiplied: 20 digits of hours would overflow the decimal. The cap is too long
                // for any life, and the sum with it does not overflow.
                nanoseconds = number > long.MaxValue / size ? decimal.MaxValue / 4 : number * size;
                rest = rest[letters..];
                return true;
            }
        }

        return false;
    }
}
