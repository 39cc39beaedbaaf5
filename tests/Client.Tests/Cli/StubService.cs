using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TokenActors.Client.Tests.Cli;

/// <summary>A request as it came to a <see cref="StubService"/>.</summary>
/// <param name="Method">of HTTP</param>
/// <param name="Target">path and query</param>
/// <param name="Body">its text</param>
/// <param name="Bearer">who asked; empty: nobody</param>
public sealed record StubRequest(string Method, string Target, string Body, string Bearer)
{
    /// <summary>It changes nothing, or is a question that is posted.</summary>
    public bool IsQuestion =>
        Method == "GET" || Target.Contains("dry_run=true", StringComparison.Ordinal)
        || Target.EndsWith("/introspect", StringComparison.Ordinal);
}

/// <summary>Something on the loopback that is no TokenActors, or one that answers wrongly, as a test says.</summary>
public sealed class StubService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<StubRequest> _asked = new();

    private StubService(Func<HttpContext, StubRequest, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new StubRequest(
                context.Request.Method, context.Request.Path.Value + context.Request.QueryString,
                await reader.ReadToEndAsync(context.RequestAborted), context.Request.Headers.Authorization.ToString());
            _asked.Enqueue(request);
            await answer(context, request);
        });
    }

    public Uri Url => new(_app.Urls.First());

    /// <summary>What was asked so far.</summary>
    public IReadOnlyCollection<StubRequest> Asked => _asked;

    /// <summary>Answers each request as a function does.</summary>
    public static async Task<StubService> Start(Func<HttpContext, StubRequest, Task> answer)
    {
        var stub = new StubService(answer);
        await stub._app.StartAsync();
        return stub;
    }

    /// <summary>Answers every request alike.</summary>
    public static Task<StubService> Start(int status, string body, string type = "application/json") =>
        Start((context, _) => Answer(context, status, body, type));

    /// <summary>Lets no client try again by itself, which takes seconds.</summary>
    public static Task Answer(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.RetryAfter = "3600";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
