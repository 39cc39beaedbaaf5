using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using TokenActors.Client;
using TokenActors.Gateway.Composition;
using TokenActors.Grains.Usage;

namespace TokenActors.Demo;

/// <summary>The whole service on a free port of the loopback, at a time that is driven.</summary>
internal sealed class DemoService : IAsyncDisposable
{
    /// <summary>How far back the story begins, in days: uses of tokens are kept so long.</summary>
    public const int Days = 35;

    /// <summary>Each look at the clock moves it a little: the story must end before now.</summary>
    private static readonly TimeSpan SpareTime = TimeSpan.FromHours(1);

    private readonly WebApplication _app;
    private readonly string _bootstrapFile;
    private readonly JsonObject _bootstrap;
    private readonly HttpClient _http;

    private DemoService(WebApplication app, FakeTimeProvider clock, string folder)
    {
        (_app, Clock) = (app, clock);
        _bootstrapFile = Path.Combine(folder, "bootstrap.json");
        _bootstrap = JsonNode.Parse(File.ReadAllText(_bootstrapFile))?.AsObject()
            ?? throw new InvalidOperationException($"{_bootstrapFile} is empty");
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Admin = With(() => Known("access_secret"));
    }

    public FakeTimeProvider Clock { get; }

    /// <summary>Before the clock moves on: what is written later counts for a later hour.</summary>
    public Task WriteUses() => _app.Services.GetRequiredService<UsageBook>().Write();

    /// <summary>A client with the organization's default token.</summary>
    public TokenActorsClient Admin { get; }

    public static async Task<DemoService> Start(string folder)
    {
        FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow().AddDays(-Days) - SpareTime) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        string[] settings =
        [
            "--urls", "http://127.0.0.1:0", "--TokenActors:DataDirectory", folder, "--Logging:LogLevel:Default", "Warning",
            "--TokenActors:RateLimits:FailuresPerAddress", "0",
        ];
        var app = await GatewayHost.Build(settings, clock);
        await app.StartAsync();
        return new DemoService(app, clock, folder);
    }

    /// <summary>A client with a token of the story.</summary>
    public TokenActorsClient With(Func<string> access) => new(_http, new TokenActorsClientOptions
    {
        Service = _http.BaseAddress, Bearer = _ => new(access()),
    });

    /// <summary>The default token lives on from day to day, as one does that somebody uses.</summary>
    public async Task RenewAdmin()
    {
        var renewed = (await Admin.Session.Refresh(new Secret(Known("refresh_secret"))).Send()).Primary;
        _bootstrap["access_secret"] = renewed.Access.Secret.Reveal();
        _bootstrap["refresh_secret"] = renewed.Refresh?.Secret.Reveal();
    }

    /// <summary>Writes the secrets of the default token where the first ones were.</summary>
    public void KeepSecrets() => File.WriteAllText(_bootstrapFile, _bootstrap.ToJsonString(new() { WriteIndented = true }) + "\n");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private string Known(string name) => (string?)_bootstrap[name] ?? throw new InvalidOperationException($"{_bootstrapFile} has no {name}");
}
