using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TokenActors.Gateway.Tests.Webhooks;

/// <summary>A program that is sent events: it keeps what it got, and answers as it is told.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Received> _received = [];

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Answers a request; by default with 204.</summary>
    public Func<Received, HttpContext, Task> Answers { get; set; } = (_, http) =>
    {
        http.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public string Url => _app.Urls.First() + "/hooks";

    public IReadOnlyList<Received> All => [.. _received];

    public static async Task<Receiver> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Map("/{**path}", receiver.Take);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>
    /// Always with a status. Where there is no body nothing is written: a 204 that is written to, were it nothing, ends
    /// its connection, and with it the next request that was sent on it.
    /// </summary>
    public void Answer(int status, string? body = null) => Answers = async (_, http) =>
    {
        http.Response.StatusCode = status;
        if (body is not null)
        {
            await http.Response.WriteAsync(body);
        }
    };

    /// <summary>
    /// Waits until so many requests came that fit. <paramref name="meanwhile"/> moves a driven clock: an attempt is
    /// noted, and its successor planned, some time after its request was received.
    /// </summary>
    public async Task<IReadOnlyList<Received>> Wait(
        int count, Func<Received, bool>? which = null, double seconds = 20, Action? meanwhile = null)
    {
        List<Received> found = [];
        await Eventually.Holds(
            () =>
            {
                found = [.. All.Where(which ?? (_ => true))];
                if (found.Count < count)
                {
                    meanwhile?.Invoke();
                }

                return found.Count >= count;
            },
            () => $"{count} requests; there are {found.Count} of {All.Count}",
            TimeSpan.FromSeconds(seconds));
        return found;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Take(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var received = new Received(
            await reader.ReadToEndAsync(),
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        _received.Enqueue(received);
        await Answers(received, http);
    }
}

/// <summary>One request that came.</summary>
public sealed record Received(string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string Id => Headers["webhook-id"];

    public string? Type => (string?)(Json["type"] ?? Json["event"]);
}
