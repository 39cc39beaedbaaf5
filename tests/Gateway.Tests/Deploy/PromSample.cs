using System.Globalization;
using System.Text.RegularExpressions;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>A series of Prometheus: of a counter or of a bucket how much it grows a second, of a gauge its
/// value.</summary>
public sealed record PromSample(string Name, double Value, params (string Label, string Value)[] Labels);

/// <summary>As much of PromQL as the alerts have, over series that do not change.</summary>
public static partial class PromValues
{
    /// <summary>Whether an expression that ends in a comparison has a value for which that holds.</summary>
    public static bool Fires(string expression, IReadOnlyList<PromSample> samples) =>
        Comparison().Match(expression) is { Success: true } comparison
            ? ValueOf(comparison.Groups["left"].Value, samples) > Number(comparison.Groups["bound"].Value)
            : throw new NotSupportedException(expression);

    /// <summary>Null where no series is there, not a number where nothing is divided by nothing.</summary>
    private static double? ValueOf(string expression, IReadOnlyList<PromSample> samples)
    {
        if (expression.Split(" / ") is [var dividend, var divisor])
        {
            return ValueOf(dividend, samples) / ValueOf(divisor, samples);
        }

        if (Quantile().Match(expression) is { Success: true } quantile)
        {
            return QuantileOf(Number(quantile.Groups["q"].Value), Selected(quantile, samples));
        }

        var term = Term().Match(expression) is { Success: true } match
            ? match
            : throw new NotSupportedException(expression);
        var found = Selected(term, samples);
        var scale = term.Groups["function"].Value == "increase" ? SecondsOf(term.Groups["range"].Value) : 1;
        return found.Count == 0
            ? null
            : scale * (term.Groups["over"].Value == "max" ? found.Max(Value) : found.Sum(Value));
    }

    /// <summary>Linear within a bucket; above the highest bound there is, that bound.</summary>
    private static double? QuantileOf(double q, List<PromSample> buckets)
    {
        var counts = buckets.GroupBy(bucket => Number(bucket.Labels.Single(label => label.Label == "le").Value))
            .Select(group => (Bound: group.Key, Count: group.Sum(Value))).OrderBy(bucket => bucket.Bound).ToList();
        if (counts.Count == 0 || counts[^1].Count == 0)
        {
            return counts.Count == 0 ? null : double.NaN;
        }

        var rank = q * counts[^1].Count;
        var i = counts.FindIndex(bucket => bucket.Count >= rank);
        var (below, before) = i == 0 ? (0, 0) : counts[i - 1];
        return double.IsPositiveInfinity(counts[i].Bound)
            ? below
            : below + ((counts[i].Bound - below) * (rank - before) / (counts[i].Count - before));
    }

    private static List<PromSample> Selected(Match term, IReadOnlyList<PromSample> samples)
    {
        var matchers = Matcher().Matches(term.Groups["labels"].Value).Select(matcher => matcher.Groups).ToList();
        return [.. samples.Where(
            sample => sample.Name == term.Groups["metric"].Value && matchers.All(matcher => Matches(sample, matcher)))];
    }

    private static bool Matches(PromSample sample, GroupCollection matcher)
    {
        var value = sample.Labels.FirstOrDefault(label => label.Label == matcher["label"].Value).Value ?? "";
        var wanted = matcher["value"].Value;
        return matcher["how"].Value == "=~" ? Regex.IsMatch(value, $"^(?:{wanted})$") : value == wanted;
    }

    private static double Value(PromSample sample) => sample.Value;

    private static double Number(string text) =>
        text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);

    private static double SecondsOf(string range) => Number(range[..^1]) * (range[^1] switch { 'm' => 60, 'h' => 3600, _ => throw new NotSupportedException(range) });

    [GeneratedRegex(@"^(?<left>.+) > (?<bound>[\d.]+)$")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^(?<over>sum|max)\((?:(?<function>rate|increase)\()?(?<metric>\w+)(?:\{(?<labels>[^}]*)\})?(?:\[(?<range>\w+)\]\))?\)$")]
    private static partial Regex Term();

    [GeneratedRegex(@"^histogram_quantile\((?<q>[\d.]+), sum by \(le\) \(rate\((?<metric>\w+)\[\w+\]\)\)\)$")]
    private static partial Regex Quantile();

    [GeneratedRegex("""(?<label>\w+)(?<how>=~|=)"(?<value>[^"]*)"(?:,|$)""")]
    private static partial Regex Matcher();
}
