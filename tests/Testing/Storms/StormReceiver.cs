using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TokenActors.Testing.Storms;

/// <summary>What an endpoint does with what it is sent. The last three never take anything.</summary>
public enum StormManner
{
    /// <summary>It takes everything.</summary>
    Works,

    /// <summary>It answers the first attempt of some events with 500.</summary>
    FailsAtFirst,

    /// <summary>It drops the connection of the first attempt of some events.</summary>
    DropsAtFirst,

    /// <summary>It does not answer the first attempt of some events.</summary>
    HangsAtFirst,

    /// <summary>It answers with 500.</summary>
    Fails,

    /// <summary>It drops the connection.</summary>
    Drops,

    /// <summary>It does not answer.</summary>
    Hangs,
}

/// <summary>A change of a subject, as an event and as a row of the audit trail.</summary>
public sealed record StormChange(string Subject, long Version, string Type);

/// <summary>A request that came.</summary>
/// <param name="Id">its <c>webhook-id</c></param>
/// <param name="Change">what it says</param>
/// <param name="IsTaken">whether it was answered with 204</param>
public sealed record StormArrival(string Id, StormChange Change, bool IsTaken);

/// <summary>Endpoints on loopback, each with its manner, which keep what came in order of arrival.</summary>
public sealed class StormReceiver : IAsyncDisposable
{
    /// <summary>The place of a digit of <c>msg_</c> and the event's id that is drawn by chance.</summary>
    private const int RandomDigit = 35;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _seen = [];
    private readonly List<(StormManner Manner, ConcurrentQueue<StormArrival> Arrivals)> _endpoints = [];

    private StormReceiver(WebApplication app, IEnumerable<StormManner> endpoints)
    {
        _app = app;
        _endpoints.AddRange(endpoints.Select(manner => (manner, new ConcurrentQueue<StormArrival>())));
    }

    public IEnumerable<string> Urls => _endpoints.Select((_, i) => $"{_app.Urls.First()}/{i}");

    public long Requests => _endpoints.Sum(endpoint => endpoint.Arrivals.Count);

    /// <summary>Events that were taken, each counted once for each endpoint.</summary>
    public long Deliveries => Taken().Sum(taken => taken.Distinct().Count());

    /// <summary>Events that were taken once more.</summary>
    public long Duplicates => Taken().Sum(taken => taken.Count) - Deliveries;

    public static async Task<StormReceiver> Start(IEnumerable<StormManner> endpoints)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new StormReceiver(builder.Build(), endpoints);
        receiver._app.Map("/{number}", receiver.Answer);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>How many deliveries are missing at endpoints that take everything in the end.</summary>
    public int Missing(IReadOnlyCollection<StormChange> changes) => _endpoints
        .Where(endpoint => endpoint.Manner < StormManner.Fails)
        .Sum(endpoint => changes.Except(endpoint.Arrivals.Where(a => a.IsTaken).Select(a => a.Change)).Count());

    /// <summary>What must not have come: invented events, others' ids, first attempts out of order.</summary>
    public IReadOnlyList<string> Violations(IReadOnlySet<StormChange> changes) =>
    [
        .. _endpoints.SelectMany((endpoint, i) => ViolationsOf([.. endpoint.Arrivals], changes)
            .Select(violation => $"endpoint {i} ({endpoint.Manner}): {violation}")),
    ];

    private static IEnumerable<string> ViolationsOf(
        IReadOnlyList<StormArrival> arrivals, IReadOnlySet<StormChange> changes)
    {
        foreach (var invented in arrivals.Select(arrival => arrival.Change).Distinct().Where(c => !changes.Contains(c)))
        {
            yield return $"{invented} is not in the audit trail";
        }

        foreach (var several in arrivals.GroupBy(a => a.Change).Where(g => g.DistinctBy(a => a.Id).Count() > 1))
        {
            yield return $"{several.Key} came under several ids";
        }

        foreach (var several in arrivals.GroupBy(a => a.Id).Where(g => g.DistinctBy(a => a.Change).Count() > 1))
        {
            yield return $"{several.Key} was the id of several events";
        }

        foreach (var subject in arrivals.GroupBy(arrival => arrival.Change.Subject))
        {
            var versions = subject.Select(arrival => arrival.Change).Distinct().Select(c => c.Version).ToList();
            if (!versions.SequenceEqual(versions.Order()))
            {
                yield return $"{subject.Key} came in the order {string.Join(", ", versions)}";
            }
        }
    }

    private IEnumerable<List<string>> Taken() => _endpoints
        .Select(endpoint => endpoint.Arrivals.Where(a => a.IsTaken).Select(a => a.Id).ToList());

    private async Task Answer(HttpContext http)
    {
        var number = int.Parse(http.Request.Path.Value?.Trim('/') ?? "", CultureInfo.InvariantCulture);
        var body = (await JsonNode.ParseAsync(http.Request.Body))?.AsObject() ?? [];
        var data = body["data"]?.AsObject() ?? [];
        var change = new StormChange((string?)data["id"] ?? "", (long?)data["version"] ?? 0, (string?)body["type"] ?? "");
        var id = http.Request.Headers["webhook-id"].ToString();
        var (manner, arrivals) = _endpoints[number];

        // The event's own digits, since the last ones are the endpoint's.
        var isRefused = _seen.TryAdd(id, true) && id.Length > RandomDigit && id[RandomDigit] % 4 == 0;
        var takes = manner == StormManner.Works || (manner < StormManner.Fails && !isRefused);
        arrivals.Enqueue(new(id, change, takes));
        switch (manner)
        {
            case StormManner.DropsAtFirst or StormManner.Drops when !takes:
                http.Abort();
                break;
            case StormManner.HangsAtFirst or StormManner.Hangs when !takes:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                http.Response.StatusCode = takes ? 204 : 500;
                break;
        }
    }
}
