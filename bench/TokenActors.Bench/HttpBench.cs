using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using TokenActors.Tests;

namespace TokenActors.Bench;

/// <summary>The service and the yardstick over HTTP, on one PostgreSQL, by the same load generator, taking turns.</summary>
internal static class HttpBench
{
    private const int Connections = 16;

    public static async Task Run(Report report, TimeSpan duration, int rounds)
    {
        using var yardstick = Spawn(Environment.ProcessPath!, ["yardstick", "{port}", PostgreSqlServer.NewDatabase()], "/");
        var folder = Directory.CreateTempSubdirectory("tokenactors-bench-").FullName;
        using var service = Spawn(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "tokenactors.dll"), "--urls", "http://127.0.0.1:{port}", "--data", folder,
                "--TokenActors:Storage:Provider", "PostgreSql", "--TokenActors:Storage:ConnectionString", PostgreSqlServer.NewDatabase(),
                "--TokenActors:RateLimits:PerToken", "0", "--Logging:LogLevel:Default", "Warning",
            ],
            "/health/ready");
        var bootstrap = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "bootstrap.json")))!;
        var admin = (string)bootstrap["access_secret"]!;
        var ours = Enumerable.Range(0, Connections).Select(_ => IssueOurs(service.Port, admin)).ToArray();
        var theirs = Enumerable.Range(0, Connections).Select(_ => IssueTheirs(yardstick.Port)).ToArray();
        var figures = new Dictionary<string, List<double>>();
        void Note(string name, double rate) => (figures.TryGetValue(name, out var list) ? list : figures[name] = []).Add(rate);
        for (var round = 0; round <= rounds; round++)
        {
            // The first round warms up (two cores take that long to compile what is hot) and is not counted.
            var time = round > 0 ? duration : TimeSpan.FromSeconds(12);
            void Count(string name, Func<double> measure)
            {
                var rate = measure();
                if (round > 0)
                {
                    Note(name, rate);
                }
            }

            Count("constant", () => Load.Repeat(service.Port, Connections, time, _ => Connection.Request("GET", "/health/live", null)));
            Count("introspect", () => Load.Repeat(service.Port, Connections, time, i =>
                Connection.Request("POST", "/oauth2/introspect", admin, $"token={ours[i].Access}", "application/x-www-form-urlencoded")));
            Count("yardstick introspect", () => Load.Repeat(yardstick.Port, Connections, time, i =>
                Connection.Request("POST", "/introspect", null, $"token={theirs[i].Access}", "application/x-www-form-urlencoded")));
            Count("issue", () => Load.Repeat(service.Port, Connections, time, _ =>
                Connection.Request("POST", "/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}"""), 201));
            Count("yardstick issue", () => Load.Repeat(yardstick.Port, Connections, time, _ => Connection.Request("POST", "/issue", null, "{}")));
            Count("refresh", () => Refreshes(service.Port, time, i => ours[i].Refresh, r => $"/v1/tokens/{ours[r].Id}/refresh", "PUT", (i, r) => ours[i] = ours[i] with { Refresh = r }));
            Count("yardstick refresh", () => Refreshes(yardstick.Port, time, i => theirs[i].Refresh, _ => "/refresh", "POST", (i, r) => theirs[i] = theirs[i] with { Refresh = r }));
            for (var i = 0; i < Connections; i++)
            {
                ours[i] = IssueOurs(service.Port, admin);
                theirs[i] = IssueTheirs(yardstick.Port);
            }
        }

        double Rate(string name) => figures[name].Order().ElementAt(figures[name].Count / 2);
        report.Ratio("introspection over HTTP / constant endpoint", Rate("introspect"), Rate("constant"), 0.6);
        report.Ratio("introspection over HTTP / yardstick", Rate("introspect"), Rate("yardstick introspect"), 4);
        report.Ratio("issue over HTTP, PostgreSQL / yardstick", Rate("issue"), Rate("yardstick issue"), 2);
        report.Ratio("refresh over HTTP, PostgreSQL / yardstick", Rate("refresh"), Rate("yardstick refresh"), 2);
        await Races(report, service.Port, admin);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>N simultaneous refreshes of one token: how often all who succeed hold the same pair, and nobody fails.</summary>
    private static async Task Races(Report report, int port, string admin)
    {
        const int trials = 50;
        foreach (var clients in new[] { 2, 8, 64 })
        {
            var connections = Enumerable.Range(0, clients).Select(_ => new Connection(port)).ToList();
            var good = 0;
            for (var trial = 0; trial < trials; trial++)
            {
                var token = IssueOurs(port, admin);
                var request = Connection.Request("PUT", $"/v1/tokens/{token.Id}/refresh", token.Refresh);
                var answers = await Task.WhenAll(connections.Select(connection => Task.Factory.StartNew(() => connection.Send(request), TaskCreationOptions.LongRunning)));
                good += answers.All(a => a.Status == 200) && answers.Select(a => Token.Of(a.Text).Access).Distinct().Count() == 1 ? 1 : 0;
            }

            connections.ForEach(connection => connection.Dispose());
            report.Ratio($"race of {clients}: trials with one successor for all / trials", good, trials, 1);
        }
    }

    private static double Refreshes(
        int port, TimeSpan time, Func<int, string> secret, Func<int, string> path, string method, Action<int, string> keep) =>
        Load.Http(port, Connections, time, (i, connection) =>
        {
            var (status, text) = connection.Send(Connection.Request(method, path(i), secret(i)));
            if (status != 200)
            {
                throw new InvalidOperationException(text);
            }

            keep(i, Token.Of(text).Refresh);
        });

    private static Token IssueOurs(int port, string admin)
    {
        using var connection = new Connection(port);
        var (_, text) = connection.Send(Connection.Request("POST", "/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}"""));
        return Token.Of(text);
    }

    private static Token IssueTheirs(int port)
    {
        using var connection = new Connection(port);
        var (_, text) = connection.Send(Connection.Request("POST", "/issue", null, "{}"));
        return Token.Of(text);
    }

    private sealed record Token(string Id, string Access, string Refresh)
    {
        /// <summary>Cut out of the text rather than parsed: the generator must not cost what the server costs.</summary>
        public static Token Of(string text) => text.Contains("\"primary\"", StringComparison.Ordinal)
            ? new(After(text, "\"id\":\""), After(text, "\"access\":{\"secret\":\""), After(text, "\"refresh\":{\"secret\":\""))
            : new("", After(text, "\"access\":\""), After(text, "\"refresh\":\""));

        private static string After(string text, string marker)
        {
            var start = text.IndexOf(marker, StringComparison.Ordinal) + marker.Length;
            return text[start..text.IndexOf('"', start)];
        }
    }

    private static Server Spawn(string program, string[] arguments, string readyPath)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var process = Process.Start(new ProcessStartInfo(program, arguments.Select(a => a.Replace("{port}", $"{port}", StringComparison.Ordinal))) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (http.GetAsync(readyPath).Result.IsSuccessStatusCode)
                {
                    return new Server(process, port);
                }
            }
            catch (AggregateException) when (!process.HasExited && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60))
            {
            }
        }
    }

    private sealed record Server(Process Process, int Port) : IDisposable
    {
        public void Dispose()
        {
            Process.Kill();
            Process.WaitForExit();
            Process.Dispose();
        }
    }
}
