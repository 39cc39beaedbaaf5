using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace TokenActors.Cluster.Tests;

/// <summary>The service in one process on a SQLite database, and the operator's commands on it while nobody
/// serves.</summary>
internal sealed class LoneService : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("tokenactors-operator-").FullName;

    /// <summary>The peppers of the settings, the one in use first.</summary>
    public List<(string Id, string Key)> Ring { get; } = [NewPepper("p1")];

    public string Database => Path.Combine(Folder, "tokenactors.db");

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static (string Id, string Key) NewPepper(string id) =>
        (id, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));

    /// <summary>Runs a command of the silo program.</summary>
    public async Task<(int Code, string Output)> Operate(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Build.Program("TokenActors.Silo", "tokenactors-silo"), .. arguments])
        {
            WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (key, value) in Settings())
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Migrates and founds; the first credentials.</summary>
    public async Task<JsonNode> Found()
    {
        var (code, output) = await Operate("--migrate", "--bootstrap-out", Folder);
        Assert.True(code == 0, output);
        return JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "bootstrap.json")))
            ?? throw new InvalidOperationException("the file is empty");
    }

    /// <summary>Starts the whole service on the data with this ring, and ends it after the work.</summary>
    public async Task Serve(Func<HttpClient, Task> work)
    {
        var url = $"http://127.0.0.1:{TestCluster.FreePort()}";
        using Node node = new("embedded", Build.Program("TokenActors.Gateway", "tokenactors"), Folder, url, ["--urls", url], Settings());
        node.Start();
        await node.Ready();
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        await work(http);
        await node.Terminate();
    }

    /// <summary>The status and the body of an answer.</summary>
    public static async Task<(int Status, JsonNode? Body)> Send(
        HttpClient http, HttpMethod method, string path, string bearer, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async Task<string?> Sql(string text)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    private Dictionary<string, string> Settings()
    {
        Dictionary<string, string> settings = new()
        {
            ["TokenActors__Storage__ConnectionString"] = $"Data Source={Database}",
            ["TokenActors__DataDirectory"] = Folder,
        };
        for (var i = 0; i < Ring.Count; i++)
        {
            settings[$"TokenActors__Secrets__Peppers__{i}__Id"] = Ring[i].Id;
            settings[$"TokenActors__Secrets__Peppers__{i}__Key"] = Ring[i].Key;
        }

        return settings;
    }
}
