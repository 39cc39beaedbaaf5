using System.Globalization;
using System.Text.RegularExpressions;

namespace TokenActors.Domain.Time;

/// <summary>
/// The one parser of times in requests: RFC 3339 with a zone, such as <c>2027-01-02T03:04:05Z</c> or
/// <c>…T03:04:05.123+02:00</c>. A time without a zone is refused, since it would mean whatever zone the server has.
/// </summary>
public static partial class Rfc3339
{
    public const string Rule = "must be an RFC 3339 time with a zone, such as 2027-01-02T03:04:05Z";

    /// <param name="text">the time</param>
    /// <param name="time">in UTC; its ticks of 100 ns are kept, smaller fractions are cut</param>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (Shape().Match(text) is not { Success: true } shape)
        {
            return false;
        }

        // What the calendar does not have, such as a 13th month or the second 60, is refused by the parser itself.
        var fraction = shape.Groups["fraction"].Value;
        var cut = fraction.Length > 7 ? fraction[..7] : fraction;
        var zone = shape.Groups["zone"].Value;
        var whole = $"{shape.Groups["date"].Value}T{shape.Groups["time"].Value}{(cut.Length > 0 ? "." + cut : "")}{(zone is "z" ? "Z" : zone)}";
        return DateTimeOffset.TryParseExact(
            whole, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,20}))?(?<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
