using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace TokenActors.Gateway.Tests.Composition;

/// <summary>The program as a client of a cluster that does not answer.</summary>
public sealed partial class ClientModeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly Process _program;

    public ClientModeTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        _http = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(10) };
        _program = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), "--urls", url, "--TokenActors:Cluster:Mode",
                "Client",
                "--TokenActors:Cluster:Gateways:0", "127.0.0.1:1",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("the program was not started");
        _program.BeginOutputReadLine();
        _program.BeginErrorReadLine();
    }

    public void Dispose()
    {
        _program.Kill();
        _program.WaitForExit();
        _program.Dispose();
        _http.Dispose();
    }

    /// <summary>A gateway in a network without access to the database must not need what would open it.</summary>
    [Fact]
    public async Task A_client_of_a_cluster_loads_no_database_driver()
    {
        await UntilLive();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync("/v1/tokens")).StatusCode);
        var loaded = Loaded();
        Assert.Contains("TokenActors.Grains.Abstractions.dll", loaded);
        Assert.Contains("Orleans.Core.dll", loaded);
        Assert.Empty(loaded.Intersect(
            ["Npgsql.dll", "Microsoft.Data.Sqlite.dll", "SQLitePCLRaw.core.dll", "libe_sqlite3.so", "Microsoft.Data.SqlClient.dll"]));
    }

    /// <summary>Its style comes from the program itself, so that the page can be read.</summary>
    [Fact]
    public async Task The_console_says_that_there_is_no_cluster_by_a_page_whose_files_are_there()
    {
        await UntilLive();
        using var page = await _http.GetAsync("/console");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        var files = Files().Matches(await page.Content.ReadAsStringAsync()).Select(file => file.Value).Distinct().ToList();
        Assert.Equal(["css", "js", "svg"], files.Select(file => file.Split('.')[^1]).Order());
        foreach (var file in files)
        {
            Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync(file)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync("/console/tokens")).StatusCode);
    }

    [GeneratedRegex("/console/assets/[^\"]+")]
    private static partial Regex Files();

    private async Task UntilLive()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Assert.False(_program.HasExited, "the program ended by itself");
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "live in time");
            try
            {
                if ((await _http.GetAsync("/health/live")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException)
            {
                // It does not listen yet.
            }
        }
    }

    /// <summary>The files that the process has mapped, by name.</summary>
    private HashSet<string> Loaded() =>
        [.. File.ReadLines($"/proc/{_program.Id}/maps").Select(Path.GetFileName).OfType<string>()];
}
