using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;

namespace TokenActors.Client.Tests.Packages;

/// <summary>What somebody gets who references a package, or installs the tool.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-pack-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PackedFact("Client")]
    public async Task The_client_asks_for_its_retries_alone() =>
        await Packed(
            "Client", "TokenActors.Client", ["TokenActors.Client.dll", "TokenActors.Client.xml"], ["Polly.Core"]);

    [PackedFact("AspNetCore")]
    public async Task Authentication_asks_for_its_cache_alone() => await Packed(
        "AspNetCore", "TokenActors.AspNetCore", ["TokenActors.AspNetCore.dll", "TokenActors.AspNetCore.xml"],
        ["Microsoft.Extensions.Caching.Hybrid"]);

    /// <summary>It carries Domain along, so that its users get no second package; that is looked for by a
    /// build.</summary>
    [PackedFact("Grains.Abstractions")]
    public async Task Contracts_ask_for_orleans_alone() => await Packed(
        "Grains.Abstractions", "TokenActors.Grains.Abstractions",
        ["TokenActors.Grains.Abstractions.dll", "TokenActors.Grains.Abstractions.xml", "TokenActors.Domain.dll"],
        ["Microsoft.Orleans.Sdk"], how: "--no-restore");

    /// <summary>A tool has all that it needs in itself.</summary>
    [PackedFact("Cli")]
    public async Task The_tool_is_called_ta_and_asks_for_nothing()
    {
        var package = await Packed(
            "Cli", "TokenActors.Cli", ["ta.dll", "TokenActors.Client.dll", "DotnetToolSettings.xml"], []);
        var nuspec = package.Nuspec;
        Assert.Equal(
            "DotnetTool",
            (string?)nuspec.Descendants(nuspec.Name.Namespace + "packageType").Single().Attribute("name"));
        Assert.Equal("ta", (string?)package.Settings!.Descendants("Command").Single().Attribute("Name"));
    }

    private async Task<(XElement Nuspec, XElement? Settings)> Packed(
        string project, string id, string[] files, string[] dependencies, string how = "--no-build")
    {
        await Pack(project, how);
        await using var package = await ZipFile.OpenReadAsync(Assert.Single(Directory.GetFiles(_folder, "*.nupkg")));
        Assert.All(files, file => Assert.Contains(package.Entries, entry => entry.Name == file));

        // Whoever gets a package of ours gets none of the programs that run the service.
        string[] internals = ["TokenActors.Grains.dll", "TokenActors.Storage.dll", "TokenActors.Hosting.dll", "TokenActors.Gateway.dll"];
        Assert.DoesNotContain(package.Entries, entry => internals.Contains(entry.Name));
        var nuspec = Read(package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)));
        Assert.Equal(
            (id, "README.md", "MIT", "TokenActors"),
            (Of(nuspec, "id"), Of(nuspec, "readme"), Of(nuspec, "license"), Of(nuspec, "authors")));
        Assert.True(Of(nuspec, "description") is { Length: > 20 } description && description != "Package Description");
        Assert.True(package.GetEntry("README.md") is { Length: > 200 }, "the package shows what it is for");
        var asked = nuspec.Descendants(nuspec.Name.Namespace + "dependency").Select(
            dependency => (string?)dependency.Attribute("id"));
        Assert.Equal(dependencies, asked.Distinct().Order());
        var settings = package.Entries.FirstOrDefault(entry => entry.Name == "DotnetToolSettings.xml");
        return (nuspec, settings is null ? null : Read(settings));
    }

    private static string? Of(XElement nuspec, string name) =>
        nuspec.Descendants(nuspec.Name.Namespace + name).FirstOrDefault()?.Value;

    private static XElement Read(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        return XElement.Load(content);
    }

    private async Task Pack(string project, string how)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            ["pack", Path.Combine(PackedFactAttribute.Root, "src", project), "-c", PackedFactAttribute.Configuration, how, "-o", _folder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, string.Join('\n', await output));
    }
}
