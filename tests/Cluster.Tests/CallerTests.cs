using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;

namespace TokenActors.Cluster.Tests;

/// <summary>Another Orleans service: the sample against a cluster, and the package that such a service references.</summary>
[Collection("cluster")]
public sealed class CallerTests
{
    [ClusterFact]
    public async Task The_sample_issues_verifies_and_revokes_by_calling_grains()
    {
        await using var cluster = await new TestCluster().Start(silos: 1, gateways: 0);
        var address = cluster.SiloGateways[0].Split(':');
        var (code, output) = await Run(
            "dotnet", Build.Program("TokenActors.DirectCaller", "direct-caller"), address[0], address[1], cluster.OrganizationId,
            (string)cluster.Bootstrap["member_id"]!, "tokenactors", "c1");
        Assert.True(code == 0, output);
        Assert.Contains("issued   direct-", output);
        Assert.Contains("verified accepted as PrimaryAccess", output);
        Assert.Contains("revoked  refused: NotFound", output);
        Assert.DoesNotContain("ta_org_", output);
    }

    [ClusterFact]
    public async Task The_package_of_the_contracts_holds_what_a_caller_needs_and_asks_for_orleans_alone()
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var folder = Directory.CreateTempSubdirectory("tokenactors-pack-").FullName;
        var (code, output) = await Run(
            "dotnet", "pack", Path.Combine(root, "src/Grains.Abstractions"), "-c", AppContext.BaseDirectory.TrimEnd('/').Split('/')[^1] == "release" ? "Release" : "Debug",
            "--no-restore", "-o", folder);
        Assert.True(code == 0, output);
        using (var package = ZipFile.OpenRead(Directory.GetFiles(folder, "*.nupkg").Single()))
        {
            string[] needed = ["TokenActors.Grains.Abstractions.dll", "TokenActors.Grains.Abstractions.xml", "TokenActors.Domain.dll", "README.md"];
            Assert.All(needed, file => Assert.Contains(package.Entries, e => e.Name == file));
            using var reader = new StreamReader(package.Entries.Single(e => e.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
            var dependencies = (await reader.ReadToEndAsync()).Split('\n').Where(line => line.Contains("<dependency ")).ToList();
            Assert.Contains("Microsoft.Orleans.Sdk", Assert.Single(dependencies));
        }

        Directory.Delete(folder, recursive: true);
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
