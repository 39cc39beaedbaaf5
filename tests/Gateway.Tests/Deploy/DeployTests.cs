using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using TokenActors.Gateway.Composition;
using TokenActors.Hosting.Configuration;
using YamlDotNet.Serialization;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>A test that renders Kubernetes manifests; skipped where there is no kubectl.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KustomizeTheoryAttribute : TheoryAttribute
{
    public KustomizeTheoryAttribute() =>
        Skip = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "kubectl"))) ? null : "kubectl is not installed";
}

/// <summary>What stands in <c>deploy/</c> against the code and against itself.</summary>
public sealed partial class DeployTests
{
    private static readonly string Root =
        typeof(DeployTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    [KustomizeTheory]
    [InlineData("base")]
    [InlineData("overlays/small")]
    [InlineData("overlays/production")]
    public void Ports_probes_names_selectors_and_settings_agree(string overlay)
    {
        var objects = Render(overlay);
        var all = objects.Where(o => Kind(o) is "Deployment" or "Job" or "StatefulSet").ToDictionary(
            Name, o => o["spec"]!["template"]!);
        var pods = all.Where(pod => Image(pod.Value).Contains("tokenactors-", StringComparison.Ordinal))
            .ToDictionary(pod => pod.Key.Split('-')[0], pod => pod.Value);
        Assert.Equal(["gateway", "migrate", "silo"], pods.Keys.Order());
        Assert.Contains($"migrate-{Image(pods["migrate"]).Split(':')[1].Replace('.', '-')}", all.Keys);
        foreach (var pod in all.Values)
        {
            CheckSecurity(pod);
        }

        foreach (var (name, pod) in pods)
        {
            CheckSettings(objects, pod);
            CheckProbes(name, pod);
            var isClient = Env(objects, pod).ContainsKey("TokenActors__Storage__ConnectionString");
            Assert.Equal(isClient ? "client" : null, (string?)pod["metadata"]!["labels"]!["tokenactors/database"]);
        }

        foreach (var target in objects.Where(o => Kind(o) is "HorizontalPodAutoscaler").Select(o => (string)o["spec"]!["scaleTargetRef"]!["name"]!))
        {
            Assert.Null(objects.Single(o => Kind(o) == "Deployment" && Name(o) == target)["spec"]!["replicas"]);
        }

        CheckOperator(objects, pods, all);
        foreach (var target in objects.Where(o => Kind(o) is "Service" or "PodDisruptionBudget" or "Deployment"))
        {
            Assert.Contains(all.Values, pod => Selects(SelectorOf(target), pod));
        }

        var silo = Ports(pods["silo"]);
        Assert.Equal(silo["silo"], int.Parse(Env(objects, pods["silo"])["TokenActors__Cluster__SiloPort"]));
        Assert.Equal(silo["gateway"], int.Parse(Env(objects, pods["silo"])["TokenActors__Cluster__GatewayPort"]));
        Assert.Contains($"http://+:{silo["health"]}", Args(pods["silo"]));
        Assert.Contains($"http://+:{Ports(pods["gateway"])["http"]}", Args(pods["gateway"]));
        var service = objects.Single(o => Kind(o) == "Service" && Name(o) == "silos");
        Assert.Equal(
            $"silos:{service["spec"]!["ports"]![0]!["port"]}",
            Env(objects, pods["gateway"])["TokenActors__Cluster__Gateways__0"]);
        Assert.Equal("None", (string)service["spec"]!["clusterIP"]!);
        Assert.Equal(
            "gateway",
            (string)objects.Single(o => Kind(o) == "HorizontalPodAutoscaler")["spec"]!["scaleTargetRef"]!["name"]!);
        CheckNetwork(objects, new(all) { ["operator"] = Render("operator").Single() });
        if (overlay.StartsWith("overlays", StringComparison.Ordinal))
        {
            var database = objects.Single(o => Kind(o) == "NetworkPolicy" && Name(o) == "database")["spec"]!;
            Assert.Equal("client", (string)database["podSelector"]!["matchLabels"]!["tokenactors/database"]!);
            Assert.Equal("5432", database["egress"]![0]!["ports"]![0]!["port"]!.ToString());
        }
    }

    /// <summary>It is safe as other pods are, of the same version and cluster, and no Service or budget takes it for
    /// one of its own.</summary>
    private static void CheckOperator(
        List<JsonNode> objects, Dictionary<string, JsonNode> pods, Dictionary<string, JsonNode> all)
    {
        var pod = Render("operator").Single();
        CheckSecurity(pod);
        var command = Assert.Single(pod["spec"]!["initContainers"]!.AsArray())!;
        CheckContainer(command);
        Assert.Equal(Image(pods["silo"]).Split(':')[1], ((string)command["image"]!).Split(':')[1]);
        var env = command["env"]!.AsArray().ToDictionary(e => (string)e!["name"]!, e => e!["value"]?.ToString());
        foreach (var name in new[] { "TokenActors__Cluster__ServiceId", "TokenActors__Cluster__ClusterId", "TokenActors__Storage__Provider" })
        {
            Assert.Equal(Env(objects, pods["silo"])[name], env[name]);
        }

        Assert.Equal("client", (string)pod["metadata"]!["labels"]!["tokenactors/database"]!);
        var selectors = objects.Where(o => Kind(o) is "Service" or "PodDisruptionBudget" or "Deployment" or "StatefulSet").Select(SelectorOf);
        Assert.All(selectors, selector => Assert.False(Selects(selector, pod)));
        Assert.NotEmpty(all);
    }

    [Fact]
    public void Dashboards_and_alerts_name_metrics_that_the_code_has_and_run_books_that_are_written()
    {
        var known = Directory.GetFiles(Path.Combine(Root, "src"), "*Telemetry.cs", SearchOption.AllDirectories)
            .SelectMany(file => MetricName().Matches(File.ReadAllText(file)).Select(m => m.Value.Trim('"').Replace('.', '_'))).ToHashSet();
        Assert.True(known.Count >= 8, "the code's metrics were found");
        var alerts = File.ReadAllText(Path.Combine(Root, "deploy/observability/alerts.yaml"));
        var dashboard = File.ReadAllText(Path.Combine(Root, "deploy/observability/dashboard.json"));
        var used = UsedMetric().Matches(alerts + dashboard).Select(m => m.Value).Distinct().ToList();
        Assert.All(used, metric => Assert.Contains(known, name => metric.StartsWith(name, StringComparison.Ordinal)));
        Assert.All(known, name => Assert.Contains(used, metric => metric.StartsWith(name, StringComparison.Ordinal)));
        Assert.NotNull(JsonNode.Parse(dashboard)!["panels"]);

        var operations = File.ReadAllText(Path.Combine(Root, "docs/operations.md"));
        foreach (var rule in Yaml(alerts)["groups"]![0]!["rules"]!.AsArray())
        {
            Assert.Contains($"### {rule!["alert"]}", operations);
            Assert.EndsWith(
                "#" + ((string)rule["alert"]!).ToLowerInvariant(), (string)rule["annotations"]!["runbook"]!);
        }
    }

    private static void CheckSecurity(JsonNode pod)
    {
        Assert.True((bool)pod["spec"]!["securityContext"]!["runAsNonRoot"]!);
        Assert.False((bool)pod["spec"]!["automountServiceAccountToken"]!);
        Assert.Equal("RuntimeDefault", (string)pod["spec"]!["securityContext"]!["seccompProfile"]!["type"]!);
        CheckContainer(Container(pod));
    }

    private static void CheckContainer(JsonNode container)
    {
        Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
        Assert.False((bool)container["securityContext"]!["allowPrivilegeEscalation"]!);
        Assert.Equal("ALL", (string)container["securityContext"]!["capabilities"]!["drop"]![0]!);
        Assert.NotNull(container["resources"]!["requests"]!["memory"]);
        Assert.NotNull(container["resources"]!["limits"]!["memory"]);
    }

    /// <summary>Every key is one that the programs know, and what is secret comes from a secret.</summary>
    private static void CheckSettings(List<JsonNode> objects, JsonNode pod)
    {
        var settings = Env(objects, pod).Where(e => e.Key.StartsWith("TokenActors__", StringComparison.Ordinal))
            .Select(e => KeyValuePair.Create(e.Key.Replace("__", ":"), (string?)e.Value)).ToList();
        Assert.NotEmpty(settings);
        var problems = Record.Exception(() => SettingsReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new GatewayRules())) as SettingsException;
        Assert.DoesNotContain(problems?.Problems ?? [], problem => problem.Contains("is not a setting"));

        foreach (var variable in Container(pod)["env"]!.AsArray().Where(e => ((string)e!["name"]!).Contains("ConnectionString") || ((string)e["name"]!).Contains("Key")))
        {
            Assert.NotNull(variable!["valueFrom"]!["secretKeyRef"]);
        }
    }

    private static void CheckProbes(string name, JsonNode pod)
    {
        foreach (var probe in new[] { "startup", "live", "ready" })
        {
            var check = Container(pod)[probe switch { "live" => "livenessProbe", "ready" => "readinessProbe", _ => "startupProbe" }];
            Assert.Equal(name == "migrate", check is null);
            if (check is not null)
            {
                Assert.Equal($"/health/{probe}", (string)check["httpGet"]!["path"]!);
                Assert.Contains((string)check["httpGet"]!["port"]!, Ports(pod).Keys);
            }
        }
    }

    /// <summary>Every policy selects some pod, and every port that it opens to a pod is one that the pod has.</summary>
    private static void CheckNetwork(List<JsonNode> objects, Dictionary<string, JsonNode> pods)
    {
        foreach (var policy in objects.Where(o => Kind(o) == "NetworkPolicy"))
        {
            var selected = pods.Values.Where(pod => Selects(policy["spec"]!["podSelector"]?["matchLabels"], pod)).ToList();
            Assert.NotEmpty(selected);
            foreach (var port in policy["spec"]!["ingress"]?.AsArray().SelectMany(rule => rule!["ports"]!.AsArray())
                ?? [])
            {
                Assert.All(selected, pod => Assert.Contains(
                    port!["port"]!.ToString(), Ports(pod).Keys.Concat(Ports(pod).Values.Select(v => $"{v}"))));
            }

            foreach (var rule in policy["spec"]!["egress"]?.AsArray() ?? [])
            {
                var reached = (rule!["to"]?.AsArray() ?? []).Select(to => to!["podSelector"]?["matchLabels"]).OfType<JsonNode>()
                    .SelectMany(labels => pods.Values.Where(pod => Selects(labels, pod))).ToList();
                Assert.All(reached, pod => Assert.All(
                    rule["ports"]!.AsArray(),
                    port => Assert.Contains(int.Parse(port!["port"]!.ToString()), Ports(pod).Values)));
            }
        }

        var gateway = objects.Single(o => Kind(o) == "NetworkPolicy" && Name(o) == "gateway");
        Assert.DoesNotContain("5432", gateway.ToJsonString());
    }

    internal static List<JsonNode> Render(string overlay)
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Path.Combine(Root, "deploy", overlay)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var text = kubectl.StandardOutput.ReadToEnd();
        kubectl.WaitForExit();
        Assert.True(kubectl.ExitCode == 0, kubectl.StandardError.ReadToEnd());
        return [.. text.Split("\n---\n").Select(Yaml)];
    }

    private static JsonNode Yaml(string text)
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(new StringReader(text));
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph))!;
    }

    /// <summary>Literal variables of the container and of the config maps that it takes whole.</summary>
    private static Dictionary<string, string> Env(List<JsonNode> objects, JsonNode pod)
    {
        Dictionary<string, string> all = [];
        foreach (var source in Container(pod)["envFrom"]!.AsArray().Where(s => s!["configMapRef"] is not null))
        {
            var map = objects.Single(
                o => Kind(o) == "ConfigMap" && Name(o) == (string)source!["configMapRef"]!["name"]!);
            foreach (var (key, value) in map["data"]!.AsObject())
            {
                all[key] = value!.ToString();
            }
        }

        foreach (var variable in Container(pod)["env"]!.AsArray())
        {
            all[(string)variable!["name"]!] = variable["value"]?.ToString() ?? "";
        }

        return all;
    }

    private static JsonNode? SelectorOf(JsonNode o) =>
        Kind(o) == "Service" ? o["spec"]!["selector"] : o["spec"]!["selector"]!["matchLabels"];

    private static bool Selects(JsonNode? labels, JsonNode pod) =>
        labels is null
            || labels.AsObject().All(label => (string?)pod["metadata"]!["labels"]![label.Key] == (string)label.Value!);

    private static Dictionary<string, int> Ports(JsonNode pod) =>
        Container(pod)["ports"]?.AsArray().ToDictionary(p => (string)p!["name"]!, p => int.Parse(p!["containerPort"]!.ToString())) ?? [];

    private static string Image(JsonNode pod) => (string)Container(pod)["image"]!;

    private static IEnumerable<string> Args(JsonNode pod) => Container(pod)["args"]!.AsArray().Select(a => (string)a!);

    private static JsonNode Container(JsonNode pod) => Assert.Single(pod["spec"]!["containers"]!.AsArray())!;

    private static string Kind(JsonNode o) => (string)o["kind"]!;

    private static string Name(JsonNode o) => (string)o["metadata"]!["name"]!;

    [GeneratedRegex("\"tokenactors(\\.[a-z_]+)+\"")]
    private static partial Regex MetricName();

    [GeneratedRegex("tokenactors_[a-z_]+")]
    private static partial Regex UsedMetric();
}
