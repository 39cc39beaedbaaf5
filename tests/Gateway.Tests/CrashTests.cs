using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace TokenActors.Gateway.Tests;

/// <summary>The real program, killed with SIGKILL and started again on its data.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-crash-").FullName;
    private Process? _process;
    private HttpClient _http = new();

    public void Dispose()
    {
        Kill();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_acknowledged_refresh_survives_a_kill_at_any_moment()
    {
        await StartUntilReady();
        var admin = (string)ReadBootstrap()["access_secret"]!;
        var created = await Send(HttpMethod.Post, "/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}""");
        var acknowledged = new List<Made> { Made.From(created!) };
        for (var round = 0; round < 4; round++)
        {
            using var killer = new Timer(_ => Kill(), null, 150 + (round * 170), Timeout.Infinite);
            while (await Send(HttpMethod.Put, $"/v1/tokens/{acknowledged[0].Id}/refresh", acknowledged[^1].Refresh) is { } answer)
            {
                acknowledged.Add(Made.From(answer.Is(HttpStatusCode.OK)));
            }

            await StartUntilReady();
            var last = acknowledged[^1];
            Assert.True(await IsActive(admin, last.Access), $"round {round}: the last acknowledged primary works");
            var next = Made.From((await Send(HttpMethod.Put, $"/v1/tokens/{last.Id}/refresh", last.Refresh))!.Is(HttpStatusCode.OK));
            Assert.True(await IsActive(admin, next.Access));
            foreach (var superseded in acknowledged[..^1].TakeLast(12))
            {
                Assert.False(await IsActive(admin, superseded.Access));
                Assert.False(await IsActive(admin, superseded.Refresh));
            }

            acknowledged.Add(next);
        }

        Assert.True(acknowledged.Count > 20, $"{acknowledged.Count} refreshes were acknowledged");
    }

    [Fact]
    public async Task A_kill_during_the_very_first_start_locks_nobody_out()
    {
        foreach (var milliseconds in new[] { 300, 500, 700, 850, 1000, 1200 })
        {
            var data = Path.Combine(_folder, $"first-{milliseconds}");
            Start(data);
            await Task.WhenAny(_process!.WaitForExitAsync(), Task.Delay(milliseconds));
            Kill();
            await StartUntilReady(data);
            var bootstrap = ReadBootstrap(data);
            (await Send(HttpMethod.Get, "/v1/organization", (string)bootstrap["access_secret"]!))!.Is(HttpStatusCode.OK);
            (await Send(HttpMethod.Put, $"/v1/tokens/{bootstrap["refresh_token_id"]}/refresh", (string)bootstrap["refresh_secret"]!))!.Is(HttpStatusCode.OK);
            Kill();
        }
    }

    [Fact]
    public async Task Sigterm_ends_it_cleanly_within_ten_seconds()
    {
        await StartUntilReady();
        using var term = Process.Start("kill", ["-TERM", $"{_process!.Id}"]);
        await term.WaitForExitAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _process.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, _process.ExitCode);
    }

    private JsonObject ReadBootstrap(string? data = null) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(data ?? _folder, "bootstrap.json")))!.AsObject();

    private void Start(string? data)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        _process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), "--urls", url, "--data", data ?? _folder, "--TokenActors:RateLimits:FailuresPerAddress", "0"])
        {
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _http.Dispose();
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(20) };
    }

    private async Task StartUntilReady(string? data = null)
    {
        Start(data);
        var started = Stopwatch.GetTimestamp();
        while (await Send(HttpMethod.Get, "/health/ready") is not { Status: HttpStatusCode.OK })
        {
            Assert.False(_process!.HasExited, "the service ended by itself");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "ready in time");
        }
    }

    private void Kill()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    private async Task<bool> IsActive(string admin, string token)
    {
        using var response = await _http.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/oauth2/introspect")
        {
            Headers = { { "Authorization", "Bearer " + admin } },
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token }),
        });
        return (bool)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["active"]!;
    }

    /// <summary>Null where no answer came.</summary>
    private async Task<Answer?> Send(HttpMethod method, string path, string? bearer = null, string? body = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (bearer is not null)
            {
                request.Headers.Add("Authorization", "Bearer " + bearer);
            }

            request.Content = body is null ? null : new StringContent(body, null, "application/json");
            using var response = await _http.SendAsync(request);
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), [], null);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
