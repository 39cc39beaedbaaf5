using System.Diagnostics;
using System.Reflection;

namespace TokenActors.Gateway.Tests.Facades;

/// <summary>Where Node or the packages of <c>tests/clients</c> are missing, the test is skipped; <c>test.sh</c>
/// installs them.</summary>
public sealed class ClientTheoryAttribute : TheoryAttribute
{
    public static readonly string Folder = Path.Combine(
        typeof(ClientTheoryAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!, "tests", "clients");

    public ClientTheoryAttribute()
    {
        var node = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(
            folder => File.Exists(Path.Combine(folder, "node")));
        Skip = !node ? "Node is not installed" : !Directory.Exists(Path.Combine(Folder, "node_modules")) ? "the packages of tests/clients are not installed (npm ci)" : null;
    }
}

/// <summary>The APIs' own clients, and libraries for OAuth, run all their operations against the service; what they
/// must see stands in the scripts.</summary>
public sealed class ClientTests(ClientTests.Today service) : IClassFixture<ClientTests.Today>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>A service on the system's clock, since clients read their own.</summary>
    public sealed class Today : Service
    {
        protected override TimeProvider Time => TimeProvider.System;
    }

    [ClientTheory]
    [InlineData("cloudflare", "cloudflare-7")]
    [InlineData("cloudflare", "cloudflare-6")]
    [InlineData("cloudflare", "cloudflare-4")]
    [InlineData("launchdarkly", "launchdarkly-api-5")]
    [InlineData("launchdarkly", "launchdarkly-api-13")]
    [InlineData("launchdarkly", "launchdarkly-api-typescript")]
    [InlineData("boomerang", "swagger-client")]
    [InlineData("oauth", "openid-client")]
    [InlineData("oauth", "oauth4webapi")]
    public async Task A_real_client_runs_all_its_operations(string script, string package)
    {
        var start = new ProcessStartInfo("node", [$"{script}.mjs", package])
        {
            WorkingDirectory = ClientTheoryAttribute.Folder, RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment["TOKENACTORS_URL"] = service.Http.BaseAddress!.ToString();
        start.Environment["TOKENACTORS_ADMIN"] = service.Admin;
        start.Environment["TOKENACTORS_ACCOUNT"] = Guid.Parse(service.OrganizationId).ToString("N");
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

        Assert.True(node.ExitCode == 0, $"{package} ended with {node.ExitCode}:\n{string.Join('\n', await output)}");
    }
}
