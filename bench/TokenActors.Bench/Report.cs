using System.Globalization;

namespace TokenActors.Bench;

/// <summary>Ratios measured in one run, each beside its baseline and its target; absolute figures differ from machine to machine.</summary>
internal sealed class Report
{
    private readonly List<string> _lines = [];

    public void Ratio(string what, double measured, double baseline, double atLeast) =>
        Add(what, measured, baseline, $"≥ {atLeast.ToString(CultureInfo.InvariantCulture)}", measured / baseline >= atLeast);

    public void AtMost(string what, double measured, double baseline, double atMost) =>
        Add(what, measured, baseline, $"≤ {atMost.ToString(CultureInfo.InvariantCulture)}", measured / baseline <= atMost);

    public void Figure(string what, double measured) => Line($"| {what} | {Number(measured)} | | | | |");

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| what | measured | baseline | ratio | target | met |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | --- |");
        _lines.ForEach(Console.WriteLine);
    }

    private void Add(string what, double measured, double baseline, string target, bool met) => Line(
        $"| {what} | {Number(measured)} | {Number(baseline)} | {(measured / baseline).ToString("0.00", CultureInfo.InvariantCulture)} | {target} | {(met ? "yes" : "NO")} |");

    private void Line(string line)
    {
        _lines.Add(line);
        Console.Error.WriteLine(line);
    }

    private static string Number(double number) => number.ToString(number < 100 ? "0.00" : "#,0", CultureInfo.InvariantCulture);
}
