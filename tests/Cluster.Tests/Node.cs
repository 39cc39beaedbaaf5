using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TokenActors.Cluster.Tests;

/// <summary>One process of the cluster, with its log in a file; killed with the tests.</summary>
internal sealed class Node(
    string name, string program, string folder, string healthUrl, string[] arguments, IReadOnlyDictionary<string,
    string> environment)
    : IDisposable
{
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigStop = 19;

    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(2) };

    private Process? _process;

    public string Name => name;

    public string Url => healthUrl;

    public string LogFile => Path.Combine(folder, name + ".log");

    /// <summary>The namespace of the network it runs in; null for the machine's own.</summary>
    public string? Namespace { get; init; }

    public bool IsRunning => _process is { HasExited: false };

    public int ExitCode => _process!.ExitCode;

    public void Start()
    {
        string[] command = ["dotnet", program, .. arguments];
        var line = string.Join(' ', command.Select(a => $"'{a}'"));
        var enter = Namespace is null ? "" : $"ip netns exec {Namespace} ";
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {enter}{line} >>'{LogFile}' 2>&1"]) { WorkingDirectory = folder };
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
    }

    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public void Pause() => Assert.Equal(0, SendSignal(_process!.Id, SigStop));

    public void Continue() => Assert.Equal(0, SendSignal(_process!.Id, SigCont));

    /// <summary>Asks it to end, and waits until it has.</summary>
    public async Task Terminate()
    {
        Assert.Equal(0, SendSignal(_process!.Id, SigTerm));
        await Exited(TimeSpan.FromSeconds(40));
    }

    public async Task Exited(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        await _process!.WaitForExitAsync(deadline.Token);
    }

    public async Task<int?> Health(string probe)
    {
        try
        {
            using var answer = await Probe.GetAsync($"{healthUrl}/health/{probe}");
            return (int)answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }

    public Task Ready() =>
        Eventually.Holds(
            async () => await Health("ready") == 200, $"{name} is ready: {Tail()}", TimeSpan.FromSeconds(60));

    /// <summary>
    /// Ready and still so a moment later. A silo that was declared dead meanwhile ends by itself, and is started again
    /// as an orchestrator does.
    /// </summary>
    public async Task Recovered()
    {
        var since = Stopwatch.GetTimestamp();
        await Eventually.Holds(
            async () =>
            {
                if (!IsRunning)
                {
                    Start();
                }

                return await Health("ready") == 200 && Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(1.5);
            },
            $"{name} recovers",
            TimeSpan.FromSeconds(90));
    }

    public string Unexpected()
    {
        var lines = File.Exists(LogFile) ? File.ReadAllLines(LogFile) : [];
        return string.Join('\n', lines.Select((line, i) => (line, i)).Where(l => l.line.Contains("Faults[4002]")).SelectMany(l => lines.Skip(l.i).Take(9)).Take(60));
    }

    /// <summary>Whether a line of its log has all these parts.</summary>
    public bool Says(params string[] parts) =>
        File.Exists(LogFile) && File.ReadLines(LogFile).Any(line => parts.All(line.Contains));

    public string Tail() => File.Exists(LogFile) ? string.Join('\n', File.ReadLines(LogFile).TakeLast(25)) : "";

    public void Dispose()
    {
        if (IsRunning)
        {
            Continue();
            Kill();
        }

        _process?.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int pid, int signal);
}
