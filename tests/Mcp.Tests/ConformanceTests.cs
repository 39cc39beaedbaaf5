using System.Diagnostics;
using System.Reflection;

namespace TokenActors.Mcp.Tests;

/// <summary>Where Node or the packages of <c>tests/clients</c> are missing, the test is skipped; <c>test.sh</c>
/// installs them.</summary>
public sealed class ConformanceTheoryAttribute : TheoryAttribute
{
    public const string Suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js";

    public static readonly string Folder = Path.Combine(
        typeof(ConformanceTheoryAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!,
        "tests", "clients");

    public ConformanceTheoryAttribute()
    {
        var isNode = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(
            folder => File.Exists(Path.Combine(folder, "node")));
        if (!isNode)
        {
            Skip = "Node is not installed";
        }
        else if (!File.Exists(Path.Combine(Folder, Suite)))
        {
            Skip = "the packages of tests/clients are not installed (npm ci)";
        }
    }
}

/// <summary>
/// The conformance suite of the protocol. Its other scenarios for servers call tools, prompts and resources that the
/// suite asks a sample server to have.
/// </summary>
public sealed class ConformanceTests(Service service) : IClassFixture<Service>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    [ConformanceTheory]
    [InlineData("server-initialize")]
    [InlineData("ping")]
    [InlineData("logging-set-level")]
    [InlineData("tools-list")]
    [InlineData("dns-rebinding-protection")]
    public async Task A_scenario_of_the_suite_passes(string scenario)
    {
        var start = new ProcessStartInfo(
            "node",
            ["--import", "./bearer.mjs", ConformanceTheoryAttribute.Suite, "server", "--url", new Uri(service.Http.BaseAddress!, "/mcp").ToString(), "--scenario", scenario])
        {
            WorkingDirectory = ConformanceTheoryAttribute.Folder, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["TOKENACTORS_BEARER"] = await service.McpToken();
        using var node = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Longest);
        var output = Task.WhenAll(node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        try
        {
            await node.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }

        Assert.True(node.ExitCode == 0, $"{scenario} ended with {node.ExitCode}:\n{string.Join('\n', await output)}");
    }

    [Theory(Skip = "the suite's scenarios about authorization are for clients, against an authorization server of its own; this service is none")]
    [InlineData("auth/metadata-default")]
    [InlineData("auth/scope-from-www-authenticate")]
    [InlineData("auth/scope-step-up")]
    [InlineData("auth/resource-mismatch")]
    [InlineData("auth/client-credentials-basic")]
    public void Authorization_scenarios_of_the_suite_are_not_run(string scenario) => Assert.NotEmpty(scenario);
}
