using System.Reflection;
using TokenActors.Cli;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;
using YamlDotNet.RepresentationModel;

namespace TokenActors.Client.Tests.Agent;

/// <summary>The sample of an agent in Kubernetes: its options are there, and its rights are those that it needs.</summary>
public sealed class AgentManifestTests
{
    private static readonly string Root = typeof(AgentManifestTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    private readonly Dictionary<string, YamlNode> _parts = Read();

    [Fact]
    public void Its_arguments_are_a_command_line_of_ta()
    {
        using var terminal = new Terminal(TextReader.Null, Stream.Null, TextWriter.Null, _ => null);
        var host = new CommandHost(terminal, _ => throw new InvalidOperationException(), TimeProvider.System);
        var parsed = CommandLine.Of(host).Parse(Arguments);
        Assert.Empty(parsed.Errors);
        Assert.Equal("run", parsed.CommandResult.Command.Name);
        Assert.Contains("--seed=/seed/seed", Arguments);
        Assert.Contains(Texts(Container["volumeMounts"], "mountPath"), path => path == "/seed");
    }

    /// <summary>A Secret that is not there cannot be made by an agent that may only update it.</summary>
    [Fact]
    public void Its_Secrets_are_there_and_are_all_that_it_may_read()
    {
        string[] named = [OptionOf("--state-secret"), OptionOf("--out-secret")];
        Assert.Equal(2, named.Distinct().Count());
        Assert.Superset(named.ToHashSet(), _parts.Keys.Where(key => key.StartsWith("Secret/", StringComparison.Ordinal))
            .Select(key => key["Secret/".Length..]).ToHashSet());
        var rules = ((YamlSequenceNode)_parts.Single(part => part.Key.StartsWith("Role/", StringComparison.Ordinal)).Value["rules"]).Children;
        var secrets = Assert.Single(rules, rule => Words(rule["resources"]).SequenceEqual(["secrets"]));
        Assert.Equal(named.Order(), Words(secrets["resourceNames"]).Order());
        Assert.Equal(["get", "update"], Words(secrets["verbs"]).Order());
        var lease = Assert.Single(rules, rule => Words(rule["verbs"]).SequenceEqual(["get", "update"])
            && Words(rule["resources"]).SequenceEqual(["leases"]));
        Assert.Equal([OptionOf("--state-secret")], Words(lease["resourceNames"]));
    }

    /// <summary>One that runs as root, or writes beside its Secrets, is more than it has to be.</summary>
    [Fact]
    public void It_runs_as_nobody_and_writes_nothing()
    {
        var security = Container["securityContext"];
        Assert.Equal("true", $"{security["runAsNonRoot"]}");
        Assert.Equal("true", $"{security["readOnlyRootFilesystem"]}");
        Assert.Equal("false", $"{security["allowPrivilegeEscalation"]}");
        Assert.Equal(["ALL"], Words(security["capabilities"]["drop"]));
    }

    private string[] Arguments => Words(Container["args"]);

    private YamlNode Container =>
        _parts.Single(part => part.Key.StartsWith("Deployment/", StringComparison.Ordinal))
            .Value["spec"]["template"]["spec"]["containers"][0];

    private string OptionOf(string name) =>
        Arguments.Single(argument => argument.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string[] Words(YamlNode node) => [.. ((YamlSequenceNode)node).Select(child => $"{child}")];

    private static IEnumerable<string> Texts(YamlNode nodes, string name) =>
        ((YamlSequenceNode)nodes).Select(node => $"{node[name]}");

    /// <summary>By kind and name.</summary>
    private static Dictionary<string, YamlNode> Read()
    {
        var yaml = new YamlStream();
        using var file = File.OpenText(Path.Combine(Root, "deploy/agent/agent.yaml"));
        yaml.Load(file);
        return yaml.Documents.Select(document => document.RootNode).ToDictionary(
            node => $"{node["kind"]}/{node["metadata"]["name"]}");
    }
}
