using System.Diagnostics;
using System.Reflection;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>What <c>build/common.sh</c> says where packages cannot be restored.</summary>
public sealed class RestoreTests : IDisposable
{
    private static readonly string Root = typeof(RestoreTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value
        ?? throw new InvalidOperationException("the repository is not known");

    private readonly string _log = Path.GetTempFileName();

    public void Dispose() => File.Delete(_log);

    [Fact]
    public async Task Packages_that_cannot_be_had_are_named_once_with_the_version_that_is_asked_for()
    {
        var said = await Explain(
            """
            /src/A/A.csproj : error NU1101: Unable to find package Microsoft.Orleans.Server. No packages exist with this id in source(s): local
            /src/A/A.csproj : error NU1102: Unable to find package CsCheck with version (>= 5.0.1)
            /src/A/A.csproj : error NU1102:   - Found 3 version(s) in local [ Nearest version: 4.0.0 ]
            /src/B/B.csproj : error NU1102: Unable to find package CsCheck with version (>= 5.0.1)
            /src/B/B.csproj : error NU1103: Unable to find a stable package Some.Dependency with version (>= 1.2.0)
            """);
        Assert.Equal(
            [
                "These packages cannot be had from this machine's NuGet sources (see 'dotnet nuget list source'):",
                $"  CsCheck {VersionOf("PackageVersion Include=\"CsCheck\" Version=\"")}",
                $"  Microsoft.Orleans.Server {VersionOf("<OrleansVersion>")}",
                "  Some.Dependency (asked for by another package)",
            ],
            said);
    }

    [Fact]
    public async Task Any_other_failure_is_shown_as_it_is()
    {
        const string Failure = "/src/A/A.csproj : error NU1301: Unable to load the service index for source https://packages.example/v3/index.json.";
        Assert.Equal([Failure], await Explain(Failure));
    }

    private static string VersionOf(string before)
    {
        var props = File.ReadAllText(Path.Combine(Root, "Directory.Packages.props"));
        var start = props.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return props[start..props.IndexOfAny(['"', '<'], start)];
    }

    private async Task<string[]> Explain(string log)
    {
        await File.WriteAllTextAsync(_log, log + "\n");
        using var bash = Process.Start(new ProcessStartInfo(
            "bash", ["-c", "root=$1; . \"$root/build/common.sh\"; explain_restore \"$2\"", "bash", Root, _log])
        {
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("bash was not started");
        var said = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal(0, bash.ExitCode);
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
