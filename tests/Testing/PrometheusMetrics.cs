using System.Text.RegularExpressions;

namespace TokenActors.Testing;

/// <summary>What an expression of PromQL asks for.</summary>
/// <param name="Metrics">names of series</param>
/// <param name="Labels">labels that are matched or grouped by</param>
public sealed partial record PromQuery(IReadOnlySet<string> Metrics, IReadOnlySet<string> Labels)
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "bool", "on", "ignoring", "offset", "by", "without"];

    public static PromQuery Parse(string expression)
    {
        var labels = Grouping().Matches(expression).SelectMany(
            m => m.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries))
            .Concat(Matcher().Matches(expression).Select(m => m.Groups["label"].Value));
        var plain = Range().Replace(Selector().Replace(Grouping().Replace(expression, " "), " "), " ");
        return new(
            Name().Matches(plain).Select(m => m.Value).Where(name => !Words.Contains(name)).ToHashSet(),
            labels.Where(label => label.Length > 0).ToHashSet());
    }

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(?<=[{,])\s*(?<label>\w+)\s*(=~|!~|!=|=)")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"(?<![\w$])[A-Za-z_:][\w:]*(?!\s*\()\b(?!\s*\()")]
    private static partial Regex Name();
}

/// <summary>What a metric is called behind a collector's Prometheus exporter.</summary>
public static class PrometheusMetrics
{
    /// <summary>Of every series: the service's name and its instance's id.</summary>
    private static readonly string[] OfResource = ["job", "instance"];

    private static readonly Dictionary<string, string> Units = new()
    {
        ["s"] = "seconds", ["ms"] = "milliseconds", ["By"] = "bytes", ["%"] = "percent",
    };

    /// <summary>The names of a metric's series, each with its labels.</summary>
    public static IEnumerable<(string Name, IReadOnlySet<string> Labels)> SeriesOf(ReceivedMetric metric)
    {
        var name = metric.Name.Replace('.', '_');
        if (Units.TryGetValue(metric.Unit, out var unit) && !name.EndsWith(unit, StringComparison.Ordinal))
        {
            name += "_" + unit;
        }

        var labels = metric.Attributes.Select(key => key.Replace('.', '_')).Concat(OfResource).ToHashSet();
        return metric.Kind switch
        {
            "counter" => [(name + "_total", labels)],
            "histogram" => [(name + "_bucket", labels.Append("le").ToHashSet()), (name + "_count", labels), (name + "_sum", labels)],
            _ => [(name, labels)],
        };
    }
}
