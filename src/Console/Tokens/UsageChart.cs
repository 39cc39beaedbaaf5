using System.Globalization;
using TokenActors.Client.Tokens;

namespace TokenActors.WebConsole.Tokens;

/// <summary>A part of a bar.</summary>
internal readonly record struct Bar(string Class, string X, string Y, string Width, string Height);

/// <summary>Uses by hour as the parts of a drawing. Nothing of it is a style, which the content policy would not let
/// in.</summary>
internal sealed record UsageChart(IReadOnlyList<Bar> Bars, IReadOnlyList<string> Marks)
{
    public const int Width = 960;
    public const int Height = 150;
    public const int Floor = 128;
    private const int Top = 8;

    public static UsageChart Of(TokenUsage usage)
    {
        var first = usage.From;
        var hours = Math.Max(1, (int)Math.Ceiling((usage.Until - first).TotalHours));
        var each = (double)Width / hours;
        var most = Math.Max(1, usage.Hours.Select(Sum).DefaultIfEmpty().Max());
        List<Bar> bars = [];
        foreach (var hour in usage.Hours)
        {
            var x = (hour.Start - first).TotalHours * each;
            var accepted = Span(hour.Accepted, most);
            var refused = Span(Sum(hour) - hour.Accepted, most);
            Draw("accepted", x, Floor - accepted, accepted);
            Draw("refused", x, Floor - accepted - refused, refused);
        }

        return new(bars, [.. MarksOf(first, usage.Until, each), Text(0, Top + 4, $"{most}")]);

        void Draw(string name, double x, double y, double height)
        {
            if (height > 0)
            {
                bars.Add(new(name, Number(x), Number(y), Number(Math.Max(1, each - 1)), Number(height)));
            }
        }
    }

    private static long Sum(UsageHour hour) => hour.Accepted + hour.Refused.Values.Sum();

    /// <summary>At least a pixel, so that one use among millions is seen.</summary>
    private static double Span(long count, long most) =>
        count == 0 ? 0 : Math.Max(1.5, (double)count / most * (Floor - Top));

    private static IEnumerable<string> MarksOf(DateTimeOffset first, DateTimeOffset until, double each)
    {
        for (var day = first.UtcDateTime.Date.AddDays(1); day < until.UtcDateTime; day = day.AddDays(1))
        {
            yield return Text(
                (day - first.UtcDateTime).TotalHours * each, Height - 4,
                day.ToString("d MMM", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Markup, since a component cannot hold an element of this name.</summary>
    private static string Text(double x, double y, string text) =>
        $"<text x=\"{Number(x)}\" y=\"{Number(y)}\">{text}</text>";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
