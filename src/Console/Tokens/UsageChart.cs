using System.Globalization;
using TokenActors.Client.Tokens;

namespace TokenActors.WebConsole.Tokens;

/// <summary>A part of a bar.</summary>
internal readonly record struct Bar(string Class, string X, string Y, string Width, string Height);

/// <summary>Uses of a day, in UTC.</summary>
/// <param name="Date">the day</param>
/// <param name="Accepted">how often a secret was accepted</param>
/// <param name="Refused">how often one was refused, by the reason</param>
internal sealed record UsageDay(DateOnly Date, long Accepted, IReadOnlyDictionary<string, long> Refused)
{
    public long AllRefused => Refused.Values.Sum();

    public long All => Accepted + AllRefused;
}

/// <summary>
/// Uses by day as the parts of a drawing, and in words for who does not see it. Nothing of it is a style, which the
/// content policy would not let in.
/// </summary>
/// <param name="Days">in which something was counted, the first first</param>
/// <param name="Bars">of the drawing</param>
/// <param name="Marks">its texts, as markup</param>
/// <param name="Summary">what the drawing shows</param>
internal sealed record UsageChart(
    IReadOnlyList<UsageDay> Days, IReadOnlyList<Bar> Bars, IReadOnlyList<string> Marks, string Summary)
{
    public const int Width = 960;
    public const int Height = 150;
    public const int Floor = 128;
    private const int Top = 16;

    /// <summary>Days from one date below the bars to the next, so that they do not run into one another.</summary>
    private const int MarkedDays = 5;

    /// <summary>A date further to the right would be cut off.</summary>
    private const int LastMark = Width - 40;

    public static UsageChart Of(TokenUsage usage)
    {
        var first = DayOf(usage.From);
        var all = Math.Max(1, DayOf(usage.Until).DayNumber - first.DayNumber + 1);
        var each = (double)Width / all;
        List<UsageDay> days = [.. usage.Hours.GroupBy(hour => DayOf(hour.Start)).Select(Sum).OrderBy(day => day.Date)];
        var most = Math.Max(1, days.Select(day => day.All).DefaultIfEmpty().Max());
        List<Bar> bars = [];
        foreach (var day in days)
        {
            var x = (day.Date.DayNumber - first.DayNumber) * each;
            var accepted = Span(day.Accepted, most);
            var refused = Span(day.AllRefused, most);
            Draw("accepted", x, Floor - accepted, accepted);
            Draw("refused", x, Floor - accepted - refused, refused);
        }

        return new(days, bars, [.. MarksOf(first, all, each), Text(0, Top - 4, $"{most}")], SummaryOf(usage, days));

        void Draw(string name, double x, double y, double height)
        {
            if (height > 0)
            {
                bars.Add(new(name, Number(x), Number(y), Number(Math.Max(1, each - 2)), Number(height)));
            }
        }
    }

    private static UsageDay Sum(IGrouping<DateOnly, UsageHour> hours) => new(
        hours.Key,
        hours.Sum(hour => hour.Accepted),
        hours.SelectMany(hour => hour.Refused).GroupBy(reason => reason.Key)
            .ToDictionary(reason => reason.Key, reason => reason.Sum(count => count.Value)));

    private static string SummaryOf(TokenUsage usage, List<UsageDay> days)
    {
        var most = days.MaxBy(day => day.All) is { } day ? $", at most {day.All} on {Said(day.Date)}" : "";
        return $"Uses by day from {Said(DayOf(usage.From))} to {Said(DayOf(usage.Until))}: "
            + $"{days.Sum(day => day.Accepted)} accepted, {days.Sum(day => day.AllRefused)} refused{most}. "
            + "The table below has the numbers.";
    }

    /// <summary>At least two pixels, so that one use among millions is seen.</summary>
    private static double Span(long count, long most) =>
        count == 0 ? 0 : Math.Max(2, (double)count / most * (Floor - Top));

    private static IEnumerable<string> MarksOf(DateOnly first, int days, double each)
    {
        for (var day = 0; day < days && day * each <= LastMark; day += MarkedDays)
        {
            yield return Text(day * each, Height - 4, Said(first.AddDays(day)));
        }
    }

    private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    private static string Said(DateOnly day) => day.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>Markup, since a component cannot hold an element of this name.</summary>
    private static string Text(double x, double y, string text) =>
        $"<text x=\"{Number(x)}\" y=\"{Number(y)}\">{text}</text>";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
