using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>What the steps of <c>docs/kubernetes.md</c> name is there under that name in what <c>deploy/</c>
/// renders.</summary>
public sealed partial class GuideTests
{
    private static readonly string Root = typeof(GuideTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value ?? "";

    private static readonly string Guide = File.ReadAllText(Path.Combine(Root, "docs/kubernetes.md"));

    [KustomizeTheory]
    [InlineData("overlays/small")]
    [InlineData("overlays/production")]
    public void Every_object_that_a_step_names_is_rendered(string overlay)
    {
        var objects = DeployTests.Render(overlay).Concat(DeployTests.Render("operator")).ToList();
        var named = Object().Matches(Guide).Select(match => (Kind: match.Groups["kind"].Value, Name: match.Groups["name"].Value)).Distinct().ToList();
        Assert.Equal(["deployment", "job", "pod", "service"], named.Select(one => one.Kind).Distinct().Order());
        Assert.All(named, one => Assert.Contains(
            objects, o => string.Equals((string?)o["kind"], one.Kind, StringComparison.OrdinalIgnoreCase) && NameOf(o) == one.Name));

        var port = Assert.Single(Forward().Matches(Guide)).Groups;
        var service = objects.Single(o => (string?)o["kind"] == "Service" && NameOf(o) == port["service"].Value);
        Assert.Contains(service["spec"]!["ports"]!.AsArray(), one => one!["port"]!.ToString() == port["port"].Value);
        var labels = Label().Matches(Guide).Select(match => match.Groups["name"].Value).ToList();
        Assert.NotEmpty(labels);
        Assert.All(labels, label => Assert.Contains(
            objects, o => (string?)o["spec"]?["template"]?["metadata"]?["labels"]?["app.kubernetes.io/name"] == label));
    }

    [KustomizeTheory]
    [InlineData("overlays/small", "connection-string password")]
    [InlineData("overlays/production", "connection-string")]
    public void Every_secret_that_a_pod_needs_is_made_with_its_keys_and_no_other_is(string overlay, string keys)
    {
        var made = Secret().Matches(Guide.Replace("\\\n", "", StringComparison.Ordinal)).ToDictionary(
            match => match.Groups["name"].Value,
            match => Key().Matches(match.Groups["rest"].Value).Select(key => key.Groups["key"].Value).ToList());
        var asked = DeployTests.Render(overlay).Concat(DeployTests.Render("operator")).SelectMany(Nodes).ToList();
        var whole = asked.Select(node => (string?)node["secretRef"]?["name"]).OfType<string>();
        var single = asked.Select(node => node["secretKeyRef"]).OfType<JsonNode>().ToList();
        Assert.Equal(made.Keys.Order(), whole.Concat(single.Select(one => (string)one["name"]!)).Distinct().Order());
        Assert.Equal(
            keys, string.Join(' ', single.Select(one => (string)one["key"]!).Distinct().Order(StringComparer.Ordinal)));
        Assert.All(single, one => Assert.Contains((string)one["key"]!, made[(string)one["name"]!]));
    }

    /// <summary>Containers, arguments and files of the operator's pod, which the steps ask by name.</summary>
    [KustomizeTheory]
    [InlineData("operator")]
    public void The_operators_pod_has_what_the_steps_ask_of_it(string folder)
    {
        var spec = DeployTests.Render(folder).Single()["spec"]!;
        var containers = spec["initContainers"]!.AsArray().Concat(spec["containers"]!.AsArray()).Select(c => (string)c!["name"]!).ToList();
        var asked = Container().Matches(Guide).Select(match => match.Groups["name"].Value).Distinct().ToList();
        Assert.Equal(["command", "files"], asked.Order());
        Assert.Subset(containers.ToHashSet(), asked.ToHashSet());
        var pointer = Pointer().Match(Guide).Groups["path"].Value.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["spec", "initContainers", "0", "args"], pointer);
        var arguments = spec["initContainers"]![0]!["args"]!.AsArray().Select(argument => (string)argument!).ToList();
        var output = arguments[arguments.IndexOf("--bootstrap-out") + 1];
        Assert.Contains($"cat {output}/bootstrap.json", Guide);
    }

    /// <summary>The images are built under the names and the version that the small overlay runs, from projects that
    /// are there.</summary>
    [KustomizeTheory]
    [InlineData("overlays/small")]
    public void Images_are_built_as_they_are_run(string overlay)
    {
        var built = Build().Matches(Guide).Select(match => match.Groups).ToList();
        var run = DeployTests.Render(overlay).SelectMany(Nodes).Select(node => node["image"]).OfType<JsonValue>().Select(image => (string)image!)
            .Where(image => image.Contains("tokenactors-", StringComparison.Ordinal)).Distinct().Concat(OfAgent()).ToList();
        Assert.Equal(run.Order(), built.Select(groups => groups["image"].Value).Order());
        var loaded = Load().Match(Guide).Groups["images"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(run.Order(), loaded.Order());
        foreach (var groups in built)
        {
            Assert.True(File.Exists(Path.Combine(Root, groups["file"].Value)));
            var project = XDocument.Load(
                Path.Combine(Root, "src", groups["project"].Value, $"TokenActors.{groups["project"].Value}.csproj"));
            Assert.Equal(groups["program"].Value, Assert.Single(project.Descendants("AssemblyName")).Value);
        }
    }

    [Fact]
    public void Every_file_and_folder_that_the_guide_names_is_there()
    {
        var paths = Deployed().Matches(Guide).Select(match => match.Value.TrimEnd('.')).Distinct().ToList();
        var folders = Row().Matches(Guide).Select(match => "deploy/" + match.Groups["folder"].Value).ToList();
        Assert.True(paths.Count > 5 && folders.Count > 8, "paths and folders were found");
        Assert.All(paths.Concat(folders), path => Assert.True(Path.Exists(Path.Combine(Root, path)), path));
    }

    /// <summary>Which is in no overlay: it runs where a credential is needed.</summary>
    private static IEnumerable<string> OfAgent() =>
        File.ReadLines(Path.Combine(Root, "deploy/agent/agent.yaml")).Select(line => line.Split("image: "))
            .Where(parts => parts.Length == 2).Select(parts => parts[1].Trim());

    private static string? NameOf(JsonNode o) => (string?)o["metadata"]?["name"];

    /// <summary>Every object within a manifest.</summary>
    private static IEnumerable<JsonObject> Nodes(JsonNode node) => node switch
    {
        JsonObject o => o.Select(field => field.Value).OfType<JsonNode>().SelectMany(Nodes).Prepend(o),
        JsonArray items => items.OfType<JsonNode>().SelectMany(Nodes),
        _ => [],
    };

    [GeneratedRegex(@"\b(?<kind>deployment|job|pod|service)[/ ](?<name>(?<=/)[a-z][a-z0-9-]*|(?<=delete pod )operator)")]
    private static partial Regex Object();

    [GeneratedRegex(@"port-forward service/(?<service>\S+) \d+:(?<port>\d+)")]
    private static partial Regex Forward();

    [GeneratedRegex(@"-l app\.kubernetes\.io/name=(?<name>\S+)")]
    private static partial Regex Label();

    [GeneratedRegex(@"create secret generic (?<name>\S+)(?<rest>.*)")]
    private static partial Regex Secret();

    [GeneratedRegex(@"--from-literal=(?<key>[a-z-]+)=")]
    private static partial Regex Key();

    [GeneratedRegex(@" (?:exec|logs) operator -c (?<name>\S+)")]
    private static partial Regex Container();

    [GeneratedRegex("""\{"op":"replace","path":"(?<path>[^"]+)"\s*,""")]
    private static partial Regex Pointer();

    [GeneratedRegex(@"^docker build -f (?<file>\S+) --build-arg PROJECT=(?<project>\S+)\s+--build-arg PROGRAM=(?<program>\S+)\s+-t (?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex Build();

    [GeneratedRegex(@"kind load docker-image (?<images>[^#\n]+)")]
    private static partial Regex Load();

    [GeneratedRegex(@"\bdeploy/[\w/.-]+")]
    private static partial Regex Deployed();

    [GeneratedRegex(@"^\| `(?<folder>[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
