using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;

namespace TokenActors.Gateway.Tests.AspNetCore;

/// <summary>What an application gets that references the package.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task The_package_holds_its_program_texts_and_read_me_and_asks_for_the_cache_alone()
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;
        var configuration = AppContext.BaseDirectory.TrimEnd('/').Split('/')[^1] == "release" ? "Release" : "Debug";
        var folder = Directory.CreateTempSubdirectory("tokenactors-pack-").FullName;
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["pack", Path.Combine(root, "src/AspNetCore"), "-c", configuration, "--no-build", "-o", folder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, string.Join('\n', await output));
        using (var package = ZipFile.OpenRead(Directory.GetFiles(folder, "*.nupkg").Single()))
        {
            string[] needed = ["TokenActors.AspNetCore.dll", "TokenActors.AspNetCore.xml", "README.md"];
            Assert.All(needed, file => Assert.Contains(package.Entries, entry => entry.Name == file));
            using var reader = new StreamReader(package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
            var dependencies = (await reader.ReadToEndAsync()).Split('\n').Where(line => line.Contains("<dependency ", StringComparison.Ordinal));
            Assert.Contains("Microsoft.Extensions.Caching.Hybrid", Assert.Single(dependencies));
        }

        Directory.Delete(folder, recursive: true);
    }
}
