using System.Diagnostics;
using System.Reflection;

namespace TokenActors.Gateway.Tests.Deploy;

/// <summary>What <c>test.sh</c> ends with, of tests whose host was ended before it could clean up.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly string Root = typeof(SweepTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value
        ?? throw new InvalidOperationException("the repository is not known");

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-sweep-").FullName;
    private readonly List<Process> _planted = [];

    public void Dispose()
    {
        foreach (var process in _planted)
        {
            process.Kill();
            process.Dispose();
        }

        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_tests_left_behind_is_ended_with_its_folder_and_nothing_else_is()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder, "postgresql", "data")).FullName;
        var server = Plant(data, Path.GetTempPath());
        await File.WriteAllTextAsync(Path.Combine(data, "postmaster.pid"), $"{server.Id}\n{data}\n");
        var silo = Plant(Path.GetTempPath(), _folder);
        var stranger = Plant(Path.GetTempPath(), Path.GetTempPath());
        var other = Plant(Path.GetTempPath(), _folder + "-other");

        // The number of a server that crashed is another's by now.
        var crashed = Directory.CreateDirectory(Path.Combine(_folder, "crashed", "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(crashed, "postmaster.pid"), $"{stranger.Id}\n{crashed}\n");
        Directory.CreateDirectory(Path.Combine(_folder, "begun", "data"));

        await Sweep();
        Assert.False(Directory.Exists(_folder));
        await Eventually.Holds(() => server.HasExited && silo.HasExited, "both have ended");
        Assert.False(stranger.HasExited || other.HasExited);
        await Sweep();
    }

    [Fact]
    public void The_script_sweeps_however_it_ends()
    {
        var script = File.ReadAllText(Path.Combine(Root, "test.sh"));
        var (made, trapped, first) = (script.IndexOf("TMPDIR=$(mktemp -d", StringComparison.Ordinal), script.IndexOf(
            "trap 'sweep \"$TMPDIR\"' EXIT", StringComparison.Ordinal),
            script.IndexOf("  run_project \"$project\"", StringComparison.Ordinal));
        Assert.True(made > 0 && made < trapped && trapped < first);
    }

    /// <summary>A process with a folder to work in and one for its temporary files.</summary>
    private Process Plant(string works, string temporary)
    {
        // A shell that starts tests in its background lets them ignore this signal, which a database server never does.
        var start = new ProcessStartInfo("env", ["--default-signal=QUIT", "sleep", "600"]) { WorkingDirectory = works };
        start.Environment["TMPDIR"] = temporary;
        var process = Process.Start(start) ?? throw new InvalidOperationException("nothing was started");
        _planted.Add(process);
        return process;
    }

    private async Task Sweep()
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", "root=$1; . \"$root/build/common.sh\"; sweep \"$2\"", "bash", Root, _folder]))
            ?? throw new InvalidOperationException("bash was not started");
        await bash.WaitForExitAsync();
        Assert.Equal(0, bash.ExitCode);
    }
}
