using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace TokenActors.Bench;

/// <summary>One figure beside its baseline of the same run. <paramref name="Target"/> is null where design names none.</summary>
internal sealed record Figure(string What, double Measured, string BaselineName, double Baseline, double Ratio, string? Target, bool? Met);

/// <summary>Points of one line of a plot.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>What grows along a logarithmic axis.</summary>
internal sealed record Curve(string File, string Title, string XName, string YName, IReadOnlyList<Series> Series);

/// <summary>Ratios measured in one run, each beside its baseline and its target; absolute figures differ from machine to machine.</summary>
internal sealed class Report(string settings)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<Figure> _figures = [];
    private readonly List<Curve> _curves = [];
    private readonly string _machine =
        $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {settings}";

    public void AtLeast(string what, double measured, string baselineName, double baseline, double atLeast) =>
        Add(what, measured, baselineName, baseline, $"≥ {Text(atLeast)}", measured / baseline >= atLeast);

    public void AtMost(string what, double measured, string baselineName, double baseline, double atMost) =>
        Add(what, measured, baselineName, baseline, $"≤ {Text(atMost)}", measured / baseline <= atMost);

    /// <summary>The difference is what has a target, not the ratio.</summary>
    public void AtMostMore(string what, double measured, string baselineName, double baseline, double more, string unit) =>
        Add(what, measured, baselineName, baseline, $"≤ {Text(more)} {unit} more", measured - baseline <= more);

    /// <summary>The measured figure has a target of its own.</summary>
    public void Within(string what, double measured, string baselineName, double baseline, double limit, string unit) =>
        Add(what, measured, baselineName, baseline, $"within {Text(limit)} {unit}", measured <= limit);

    public void Beside(string what, double measured, string baselineName, double baseline) => Add(what, measured, baselineName, baseline, null, null);

    public void Plot(Curve curve) => _curves.Add(curve);

    public void Print() => Console.WriteLine("\n" + Markdown());

    /// <summary>Writes results.md, results.json and one SVG for each curve.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "results.md"), Markdown());
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonSerializer.Serialize(new
        {
            Machine = _machine,
            Figures = _figures,
            Curves = _curves.Select(c => new
            {
                c.Title, c.XName, c.YName, Series = c.Series.Select(s => new { s.Name, Points = s.Points.Select(p => new[] { p.X, p.Y }) }),
            }),
        }, Json) + "\n");
        foreach (var curve in _curves)
        {
            File.WriteAllText(Path.Combine(folder, curve.File + ".svg"), SvgPlot.Of(curve));
        }
    }

    private string Markdown()
    {
        var text = new StringBuilder($"{_machine}\n\n| what | measured | baseline | | ratio | target | met |\n| --- | ---: | --- | ---: | ---: | --- | --- |\n");
        foreach (var figure in _figures)
        {
            text.Append(Line(figure));
        }

        foreach (var curve in _curves)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n![{curve.Title}]({curve.File}.svg)\n\n");
            text.Append(CultureInfo.InvariantCulture, $"| {curve.XName} | {string.Join(" | ", curve.Series.Select(s => s.Name))} |\n");
            text.Append(CultureInfo.InvariantCulture, $"| ---: |{string.Concat(curve.Series.Select(_ => " ---: |"))}\n");
            foreach (var x in curve.Series.SelectMany(s => s.Points.Select(p => p.X)).Distinct().Order())
            {
                var cells = curve.Series.Select(s => s.Points.Where(p => p.X == x).Select(p => Number(p.Y)).FirstOrDefault(""));
                text.Append(CultureInfo.InvariantCulture, $"| {x:#,0} | {string.Join(" | ", cells)} |\n");
            }
        }

        return text.ToString();
    }

    private void Add(string what, double measured, string baselineName, double baseline, string? target, bool? met)
    {
        var figure = new Figure(what, Rounded(measured), baselineName, Rounded(baseline), Rounded(measured / baseline), target, met);
        _figures.Add(figure);
        Console.Error.Write(Line(figure));
    }

    private static string Line(Figure f) =>
        $"| {f.What} | {Number(f.Measured)} | {f.BaselineName} | {Number(f.Baseline)} | {f.Ratio.ToString("0.00", CultureInfo.InvariantCulture)} "
        + $"| {f.Target} | {f.Met switch { true => "yes", false => "**no**", null => "" }} |\n";

    private static string Number(double number) => number.ToString(Math.Abs(number) < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static double Rounded(double number) => double.IsFinite(number) ? Math.Round(number, 3) : 0;
}
