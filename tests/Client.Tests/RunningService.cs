using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using TokenActors.Gateway.Composition;

namespace TokenActors.Client.Tests;

/// <summary>The whole service in this process, on a real port of the loopback, with data of its own.</summary>
public class RunningService : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tokenactors-client-").FullName;
    private readonly HttpClient _http = new();
    private WebApplication? _app;

    public Uri Url => new(_app?.Urls.First() ?? throw new InvalidOperationException("the service does not run"));

    /// <summary>The administrator's access secret.</summary>
    public string Admin => Bootstrap("access_secret");

    public TokenActorsClient Client { get; private set; } = null!;

    public string Bootstrap(string name) =>
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "bootstrap.json")))![name]!;

    /// <summary>A client with a bearer of its own.</summary>
    public TokenActorsClient ClientOf(
        string? bearer, HttpMessageHandler? handler = null, Action<TokenActorsClientOptions>? change = null)
    {
        var options = new TokenActorsClientOptions
        {
            Service = Url, Bearer = _ => new ValueTask<string?>(bearer), FirstPause = TimeSpan.FromMilliseconds(1),
        };
        change?.Invoke(options);
        return new TokenActorsClient(handler is null ? _http : new HttpClient(handler), options);
    }

    public async Task InitializeAsync()
    {
        string[] settings =
        [
            "--urls", "http://127.0.0.1:0", "--TokenActors:DataDirectory", _folder,
            "--TokenActors:RateLimits:FailuresPerAddress", "0",
            "--TokenActors:RateLimits:LogonsPerName", "0", "--TokenActors:RateLimits:PerToken", "0",
            "--TokenActors:Webhooks:AllowHttp", "true",
            "--TokenActors:Webhooks:AllowedNetworks:0", "127.0.0.0/8", "--Logging:LogLevel:Default", "Warning",
        ];
        _app = await GatewayHost.Build(settings, TimeProvider.System);
        await _app.StartAsync();
        Client = ClientOf(Admin);
    }

    public async Task DisposeAsync()
    {
        if (_app is { } app)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

[CollectionDefinition("service")]
public sealed class ServiceCollection : ICollectionFixture<RunningService>;
