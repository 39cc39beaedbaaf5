using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TokenActors.Bench;

/// <summary>A program under load, stopped by its process id.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;

    private Server(Process process, int port, TimeSpan readyAfter)
    {
        (_process, Port, ReadyAfter) = (process, port, readyAfter);
    }

    public int Port { get; }

    /// <summary>From the start of the process to its first answer at the path that says it is ready.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>Resident memory, megabytes.</summary>
    public double ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1e6;
        }
    }

    /// <summary>A port of loopback that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program; <c>{port}</c> in an argument stands for a free port.</summary>
    public static Server Start(string program, string[] arguments, string readyPath)
    {
        var port = FreePort();
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, arguments.Select(a => a.Replace("{port}", $"{port}", StringComparison.Ordinal)))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = new List<string>();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        while (!process.HasExited && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(90))
        {
            try
            {
                using var answer = http.GetAsync(readyPath).Result;
                if ((int)answer.StatusCode < 500)
                {
                    return new Server(process, port, Stopwatch.GetElapsedTime(started));
                }
            }
            catch (AggregateException)
            {
                Thread.Sleep(10);
            }
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        throw new InvalidOperationException($"{program} did not start:\n{string.Join('\n', output)}");

        void Keep(string? line)
        {
            lock (output)
            {
                if (line is not null && output.Count < 40)
                {
                    output.Add(line);
                }
            }
        }
    }

    /// <summary>The service of this build.</summary>
    public static string OwnBinary { get; } = Path.Combine(AppContext.BaseDirectory, "tokenactors.dll");

    /// <summary>What user and kernel have spent on it.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The service, embedded, on a PostgreSQL database, or on SQLite where there is none.</summary>
    public static Server StartService(string folder, string? connectionString, string? binary = null)
    {
        string[] storage = connectionString is null
            ? []
            : ["--TokenActors:Storage:Provider", "PostgreSql", "--TokenActors:Storage:ConnectionString", connectionString];
        return Start(
            "dotnet",
            [
                binary ?? OwnBinary, "--urls", "http://127.0.0.1:{port}", "--data", folder, .. storage,
                "--TokenActors:RateLimits:PerToken", "0", "--Logging:LogLevel:Default", "Warning",
            ],
            "/health/ready");
    }

    /// <summary>Ends it in order, as an operator does.</summary>
    public void Stop()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        signal.WaitForExit();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            throw new InvalidOperationException("the service does not stop");
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
