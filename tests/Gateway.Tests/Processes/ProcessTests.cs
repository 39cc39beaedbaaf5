using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests.Processes;

/// <summary>Tests of the real program, which may be killed with SIGKILL and started again on its data.</summary>
public abstract class ProcessTests : IDisposable
{
    private Process? _process;
    private HttpClient _http = new();

    protected string Folder { get; } = Directory.CreateTempSubdirectory("tokenactors-crash-").FullName;

    /// <summary>Where the program that was started last listens.</summary>
    protected string Url { get; private set; } = "";

    /// <summary>The program that was started last.</summary>
    protected Process Running => _process ?? throw new InvalidOperationException("nothing was started");

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        Kill();
        _http.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    protected JsonObject ReadBootstrap(string? data = null) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(data ?? Folder, "bootstrap.json")))!.AsObject();

    private readonly System.Text.StringBuilder _errors = new();

    protected void Start(string? data, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        Url = url;
        listener.Stop();
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), "--urls", url, "--data", data ?? Folder,
                "--TokenActors:RateLimits:FailuresPerAddress", "0",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _errors.Clear();
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.BeginErrorReadLine();
        _http.Dispose();
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
    }

    protected async Task StartUntilReady(string? data = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Start(data, environment);
        var started = Stopwatch.GetTimestamp();
        var portsTaken = 0;
        while (await Send(HttpMethod.Get, "/health/ready") is not { Status: HttpStatusCode.OK })
        {
            // Between the choice of a port and the start somebody else may take it.
            if (Running.HasExited && _errors.ToString().Contains("in use", StringComparison.Ordinal)
                && ++portsTaken < 4)
            {
                Start(data, environment);
            }

            Assert.False(Running.HasExited, "the service ended by itself");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "ready in time");
        }
    }

    protected void Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    protected async Task<bool> IsActive(string admin, string token)
    {
        using var response = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/oauth2/introspect")
        {
            Headers = { { "Authorization", "Bearer " + admin } },
            Content = new FormUrlEncodedContent(
                new Dictionary<string, string> { ["token"] = token, ["token_type_hint"] = "refresh_token" }),
        });
        return (bool)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["active"]!;
    }

    /// <summary>Null where no answer came.</summary>
    protected async Task<Answer?> Send(HttpMethod method, string path, string? bearer = null, string? body = null, string? key = null,
        string contentType = "application/json", string? accept = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Accept.ParseAdd(accept ?? "*/*");
            if (bearer is not null)
            {
                request.Headers.Add("Authorization", "Bearer " + bearer);
            }

            if (key is not null)
            {
                request.Headers.Add("Idempotency-Key", key);
            }

            request.Content = body is null ? null : new StringContent(body, null, contentType);
            using var response = await _http.SendAsync(request);
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), [], null);
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or IOException)
        {
            // A process that is killed while it is connected to ends in any of these.
            return null;
        }
    }
}
