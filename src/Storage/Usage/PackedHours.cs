using System.Globalization;
using System.Text;

namespace TokenActors.Storage.Usage;

/// <summary>
/// The hours of one day as a text: <c>9 120;10 3 expired=2,disabled=1</c>. Hours in which nothing was counted are left
/// out, so that a token that works all day takes some 150 characters.
/// </summary>
internal static class PackedHours
{
    public static string Pack(IEnumerable<KeyValuePair<int, UseCounts>> hours)
    {
        var text = new StringBuilder();
        foreach (var (hour, counts) in hours.OrderBy(pair => pair.Key))
        {
            text.Append(text.Length == 0 ? "" : ";");
            text.Append(CultureInfo.InvariantCulture, $"{hour} {counts.Accepted}");
            var separator = ' ';
            foreach (var (reason, count) in counts.Refused.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"{separator}{reason}={count}");
                separator = ',';
            }
        }

        return text.ToString();
    }

    public static Dictionary<int, UseCounts> Unpack(string text)
    {
        Dictionary<int, UseCounts> hours = [];
        foreach (var hour in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = hour.Split(' ');
            var refused = parts.Length < 3
                ? []
                : parts[2].Split(',').Select(reason => reason.Split('='))
                    .ToDictionary(reason => reason[0], reason => NumberOf(reason[1]));
            hours[(int)NumberOf(parts[0])] = new UseCounts(NumberOf(parts[1]), refused);
        }

        return hours;
    }

    private static long NumberOf(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
