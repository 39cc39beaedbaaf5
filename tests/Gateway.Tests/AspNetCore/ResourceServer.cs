using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TokenActors.AspNetCore;

namespace TokenActors.Gateway.Tests.AspNetCore;

/// <summary>An application that lets in tokens of the service, with a line to the service that a test may
/// cut.</summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    private const string SecretKey = "TokenActors:Secret";

    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly KeptOptionsLog _log;

    private ResourceServer(WebApplication app, Line line, KeptOptionsLog log)
    {
        (_app, Line, _log) = (app, line, log);
        _client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public Line Line { get; }

    /// <summary>What its stream has said.</summary>
    public RevocationState Revocations =>
        _app.Services.GetRequiredKeyedService<RevocationState>(TokenActorsDefaults.AuthenticationScheme);

    /// <summary>Replaces the server's own secret where its configuration has it, as a file does that is written
    /// anew.</summary>
    public void Reload(string secret)
    {
        _app.Configuration[SecretKey] = secret;
        ((IConfigurationRoot)_app.Configuration).Reload();
    }

    /// <summary>What the package has said of changed options.</summary>
    public int OptionsKept => _log.Count;

    /// <summary>The application stops.</summary>
    public bool IsEnding => _app.Lifetime.ApplicationStopping.IsCancellationRequested;

    public static async Task<ResourceServer> Start(Service service, Action<TokenActorsOptions>? configure = null)
    {
        var line = new Line();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var log = new KeptOptionsLog();
        builder.Logging.AddProvider(log);
        builder.Services.AddAuthorization();
        builder.Services.AddHttpClient($"TokenActors:{TokenActorsDefaults.AuthenticationScheme}").AddHttpMessageHandler(() => new Connection(line));
        builder.Services.AddAuthentication(TokenActorsDefaults.AuthenticationScheme).AddTokenActors(options =>
        {
            options.Service = service.Http.BaseAddress;
            options.Secret = builder.Configuration[SecretKey] ?? service.Admin;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/", (ClaimsPrincipal user) => string.Join('\n', user.Claims.Select(claim => $"{claim.Type}={claim.Value}"))).RequireAuthorization();
        app.MapGet("/admin", (ClaimsPrincipal user) => user.Identity?.Name).RequireAuthorization(
            policy => policy.RequireClaim("scope", "administrator"));
        await app.StartAsync();
        return new ResourceServer(app, line, log);
    }

    /// <summary>Waits until an answer is kept: the second request asks nobody.</summary>
    public async Task Warm(string secret)
    {
        var since = TimeProvider.System.GetTimestamp();
        int before;
        do
        {
            Assert.Equal(HttpStatusCode.OK, (await Get(secret)).Status);
            before = Line.Introspections;
            Assert.Equal(HttpStatusCode.OK, (await Get(secret)).Status);
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "no answer was ever kept");
        }
        while (Line.Introspections > before);
    }

    /// <summary>How long the secret is still let in.</summary>
    public async Task<TimeSpan> UntilRefused(string secret)
    {
        var since = TimeProvider.System.GetTimestamp();
        while ((await Get(secret)).Status == HttpStatusCode.OK)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(20), "the secret was never refused");
        }

        return TimeProvider.System.GetElapsedTime(since);
    }

    public async Task<(HttpStatusCode Status, string Body, string Challenge)> Get(string? secret, string path = "/")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.WwwAuthenticate.ToString());
    }

    /// <summary>The same as a client at another address of the loopback.</summary>
    public async Task<HttpStatusCode> GetFrom(string address, string secret)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = Connect };
        using var client = new HttpClient(handler) { BaseAddress = _client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        using var response = await client.GetAsync("/");
        return response.StatusCode;

        async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>Counts what is said of options that could not be used.</summary>
internal sealed class KeptOptionsLog : ILoggerProvider, ILogger
{
    private const int KeptId = 2453;

    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel level, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (id.Id == KeptId)
        {
            Interlocked.Increment(ref _count);
        }
    }

    public void Dispose()
    {
    }
}

/// <summary>The line from a resource server to the service.</summary>
internal sealed class Line
{
    private int _introspections;
    private int _streamsRefused;

    /// <summary>How often the service was asked about a secret.</summary>
    public int Introspections => Volatile.Read(ref _introspections);

    /// <summary>The stream neither opens nor says anything more.</summary>
    public CancellationTokenSource StreamCut { get; private set; } = new();

    /// <summary>How often the stream was not opened.</summary>
    public int StreamsRefused => Volatile.Read(ref _streamsRefused);

    /// <summary>Why the service cannot be reached at all; null where it can.</summary>
    public Exception? Down { get; set; }

    /// <summary>What answers about secrets wait for on their way back.</summary>
    public Task AnswersPass { get; set; } = Task.CompletedTask;

    public void Count() => Interlocked.Increment(ref _introspections);

    public void Refuse() => Interlocked.Increment(ref _streamsRefused);

    /// <summary>The service can be reached again.</summary>
    public void Restore() => (Down, StreamCut) = (null, new CancellationTokenSource());
}

/// <summary>One request over the line.</summary>
internal sealed class Connection(Line line) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isStream = request.RequestUri?.AbsolutePath.EndsWith("/revocations", StringComparison.Ordinal) == true;
        if (line.Down is not null || (isStream && line.StreamCut.IsCancellationRequested))
        {
            if (isStream)
            {
                line.Refuse();
            }

            throw line.Down ?? new HttpRequestException("the line is cut");
        }

        if (!isStream)
        {
            line.Count();
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (isStream)
        {
            response.Content = new StreamContent(
                new CuttableStream(await response.Content.ReadAsStreamAsync(cancellationToken), line.StreamCut.Token));
        }
        else
        {
            await line.AnswersPass;
        }

        return response;
    }
}

/// <summary>A stream that hangs once it is cut, as a broken connection does.</summary>
internal sealed class CuttableStream(Stream inner, CancellationToken cut) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, cut);
        try
        {
            return await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}
