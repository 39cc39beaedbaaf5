using System.Diagnostics;

namespace TokenActors.Cluster.Tests;

/// <summary>Another Orleans service: the sample against a cluster.</summary>
[Collection("cluster")]
public sealed class CallerTests
{
    [ClusterFact]
    public async Task The_sample_issues_verifies_and_revokes_by_calling_grains()
    {
        await using var cluster = await new TestCluster().Start(silos: 1, gateways: 0);
        var address = cluster.SiloGateways[0].Split(':');
        var (code, output) = await Run(
            "dotnet", Build.Program("TokenActors.DirectCaller", "direct-caller"), address[0], address[1],
            cluster.OrganizationId,
            (string)cluster.Bootstrap["member_id"]!, "tokenactors", "c1");
        Assert.True(code == 0, output);
        Assert.Contains("issued   direct-", output);
        Assert.Contains("verified accepted as PrimaryAccess", output);
        Assert.Contains("revoked  refused: NotFound", output);
        Assert.DoesNotContain("ta_org_", output);
    }

    private static async Task<(int Code, string Output)> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await errors);
    }
}
