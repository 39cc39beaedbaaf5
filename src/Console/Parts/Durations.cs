using System.Globalization;

namespace TokenActors.WebConsole.Parts;

/// <summary>Spans of time in words.</summary>
internal static class Durations
{
    private static readonly (TimeSpan Unit, string Name)[] Units =
    [
        (TimeSpan.FromDays(365), "year"), (TimeSpan.FromDays(30), "month"), (TimeSpan.FromDays(1), "day"),
        (TimeSpan.FromHours(1), "hour"), (TimeSpan.FromMinutes(1), "minute"), (TimeSpan.FromSeconds(1), "second"),
    ];

    /// <summary>Such as <c>in 3 days</c> or <c>5 minutes ago</c>.</summary>
    public static string Relative(TimeSpan fromNow)
    {
        var size = fromNow.Duration();
        foreach (var (unit, name) in Units)
        {
            if (size < unit)
            {
                continue;
            }

            var count = (int)(size / unit);
            var words = string.Create(CultureInfo.InvariantCulture, $"{count} {name}{(count == 1 ? "" : "s")}");
            return fromNow > TimeSpan.Zero ? $"in {words}" : $"{words} ago";
        }

        return "now";
    }
}
