using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using TokenActors.Gateway.Tests.Processes;
using YamlDotNet.Serialization;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>Alerts and panels against what the program really sends, under the names that a collector gives
/// it.</summary>
public sealed partial class ObservedMetricsTests : ProcessTests
{
    private static readonly string Root = typeof(ObservedMetricsTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value
        ?? throw new InvalidOperationException("the repository is not known");

    [Fact]
    public async Task Every_alert_and_panel_asks_for_metrics_and_labels_that_are_sent_and_for_quantiles_that_buckets_can_tell()
    {
        using var receiver = new OtlpReceiver();
        await Provoke(receiver);
        var queries = Alerts().Concat(Panels()).ToList();
        Assert.True(queries.Count > 15, "alerts and panels were found");
        Dictionary<string, (ReceivedMetric Metric, IReadOnlySet<string> Labels)> sent = [];
        await Eventually.Holds(
            () =>
            {
                sent = receiver.MetricDetails.SelectMany(
                    metric => PrometheusMetrics.SeriesOf(metric).Select(s => (s.Name, metric, s.Labels)))
                    .ToDictionary(s => s.Name, s => (s.metric, s.Labels));
                return queries.SelectMany(q => PromQuery.Parse(q.Expression).Metrics).All(sent.ContainsKey);
            },
            () => $"not sent: {string.Join(", ", queries.SelectMany(q => PromQuery.Parse(q.Expression).Metrics).Where(name => !sent.ContainsKey(name)).Distinct())}");

        foreach (var (name, expression, legend) in queries)
        {
            var query = PromQuery.Parse(expression);
            Assert.NotEmpty(query.Metrics);
            Assert.All(query.Metrics, metric => Assert.True(
                query.Labels.IsSubsetOf(sent[metric].Labels),
                $"{name}: {expression} has labels of {string.Join(", ", sent[metric].Labels)}"));
            Assert.All(
                Legend().Matches(legend).Select(m => m.Groups["label"].Value),
                label => Assert.Contains(label, query.Labels));
            if (Threshold().Match(expression) is { Success: true } threshold)
            {
                // Within a bucket a quantile is a guess; at its bound it is not.
                var metric = Assert.Single(query.Metrics);
                Assert.Contains(
                    double.Parse(threshold.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture),
                    sent[metric].Metric.Bounds);
            }
        }

        foreach (var metric in receiver.MetricDetails.Where(m => m.Kind == "histogram" && m.Name.StartsWith("tokenactors.", StringComparison.Ordinal)))
        {
            Assert.True(
                metric.Bounds is [<= 1, ..], $"{metric.Name} has the bounds {string.Join(", ", metric.Bounds)}");
        }
    }

    [Theory]
    [InlineData("sum by (le, kind) (rate(a_bucket{x=\"y{z}\", b=~\"c\"}[5m])) > 0.5", "a_bucket", "b,kind,le,x")]
    [InlineData("histogram_quantile(0.99, sum(rate(a_total[1m])) by (le)) / a:b and sum(c)", "a:b,a_total,c", "le")]
    public void What_an_expression_asks_for_is_found_in_it(string expression, string metrics, string labels)
    {
        var query = PromQuery.Parse(expression.Replace("{z}", "z"));
        Assert.Equal(metrics, string.Join(',', query.Metrics.Order(StringComparer.Ordinal)));
        Assert.Equal(labels, string.Join(',', query.Labels.Order(StringComparer.Ordinal)));
    }

    /// <summary>Does what makes each metric come about: the last with a reminder that was due while the program was
    /// down.</summary>
    private async Task Provoke(OtlpReceiver receiver)
    {
        await StartUntilReady();
        var admin = (string?)ReadBootstrap()["access_secret"] ?? "";
        (await Post("/v1/tokens/mcp", admin, """{"scope":{"type":"management"},"token_ttl":"1s"}""")).Is(HttpStatusCode.Created);
        Kill();
        await StartUntilReady(environment: new Dictionary<string, string>(receiver.Environment)
        {
            ["TokenActors__Webhooks__AllowedNetworks__0"] = "127.0.0.0/8", ["TokenActors__Webhooks__SweepEvery"] = "1s",
        });
        var nobody = """{"url":"https://127.0.0.1:9/x","types":["token.issued"]}""";
        (await Post("/lifecycle/v1/webhooks", admin, nobody)).Is(HttpStatusCode.Created);
        var off = (string?)(await Post("/lifecycle/v1/webhooks", admin, nobody)).Is(HttpStatusCode.Created).Json["id"];
        (await Post($"/lifecycle/v1/webhooks/{off}/disable", admin, "{}")).Is(HttpStatusCode.OK);
        var made = Made.From(await Post("/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}"""));
        Made.From(await Put(made.Id, made.Refresh));
        await CallTool(admin);
        (await Put(made.Id, "nobody")).Is(HttpStatusCode.Unauthorized);
        Assert.IsType<Answer>(await Send(HttpMethod.Post, "/v1/auth/logon/nowhere", body: """{"name":"nobody","secret":"nothing"}""")).Is(HttpStatusCode.Unauthorized);
        await using var other = new SqliteConnection(
            $"Data Source={Path.Combine(Folder, "tokenactors.db")};Pooling=False");
        await other.OpenAsync();
        await using (var locking = new SqliteCommand("BEGIN IMMEDIATE", other))
        {
            await locking.ExecuteNonQueryAsync();
        }

        (await Post("/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}""")).Is(HttpStatusCode.ServiceUnavailable);
        await using var releasing = new SqliteCommand("ROLLBACK", other);
        await releasing.ExecuteNonQueryAsync();
    }

    private async Task CallTool(string admin)
    {
        var mcp = (await Post("/lifecycle/v1/tokens", admin, """{"kind":"mcp","permission_set":"viewer"}""")).Is(HttpStatusCode.Created).Json;
        var call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"token_search","arguments":{}}}""";
        var answer = await Send(
            HttpMethod.Post, "/mcp", (string?)mcp["secrets"]?["access"], call, accept: "application/json, text/event-stream");
        Assert.IsType<Answer>(answer).Is(HttpStatusCode.OK);
    }

    private async Task<Answer> Post(string path, string bearer, string body) =>
        await Send(HttpMethod.Post, path, bearer, body) ?? throw new InvalidOperationException("no answer");

    private async Task<Answer> Put(string id, string secret) =>
        await Send(HttpMethod.Put, $"/v1/tokens/{id}/refresh", secret)
            ?? throw new InvalidOperationException("no answer");

    internal static IEnumerable<(string Name, string Expression, string Legend)> Alerts()
    {
        var text = File.ReadAllText(Path.Combine(Root, "deploy/observability/alerts.yaml"));
        var graph = new DeserializerBuilder().Build().Deserialize(new StringReader(text));
        var groups = JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph))?["groups"]?.AsArray() ?? [];
        return groups.SelectMany(group => group?["rules"]?.AsArray() ?? [])
            .Select(rule => ((string?)rule?["alert"] ?? "", (string?)rule?["expr"] ?? "", ""));
    }

    private static IEnumerable<(string Name, string Expression, string Legend)> Panels()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "deploy/observability/dashboard.json")));
        return (dashboard?["panels"]?.AsArray() ?? []).SelectMany(panel => (panel?["targets"]?.AsArray() ?? [])
            .Select(target => ((string?)panel?["title"] ?? "", (string?)target?["expr"] ?? "", (string?)target?["legendFormat"] ?? "")));
    }

    [GeneratedRegex(@"\{\{(?<label>\w+)\}\}")]
    private static partial Regex Legend();

    [GeneratedRegex(@"^histogram_quantile.*> (?<value>[\d.]+)$")]
    private static partial Regex Threshold();
}
