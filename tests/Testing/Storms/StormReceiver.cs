using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TokenActors.Testing.Storms;

/// <summary>What an endpoint does with what it is sent. The last six never take anything.</summary>
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

    /// <summary>It answers with 307, to an endpoint of another organization.</summary>
    Redirects,

    /// <summary>It answers with 500 and a body that comes a byte at a time and never ends.</summary>
    Drips,

    /// <summary>It answers with 500 and megabytes.</summary>
    Floods,
}

/// <summary>An endpoint of an organization.</summary>
/// <param name="Organization">the number of its organization</param>
/// <param name="Manner">what it does with what it is sent</param>
public sealed record StormEndpoint(int Organization, StormManner Manner)
{
    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<StormArrival> Arrivals { get; } = [];

    /// <summary>Whether it takes everything in the end.</summary>
    public bool TakesAll => Manner < StormManner.Fails;
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

    /// <summary>What an endpoint sends that floods.</summary>
    private const int Megabytes = 8;

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, bool> _seen = [];
    private readonly List<StormEndpoint> _endpoints;

    private StormReceiver(WebApplication app, IEnumerable<StormEndpoint> endpoints)
    {
        _app = app;
        _endpoints = [.. endpoints];
    }

    /// <summary>Of each endpoint the number of its organization, and where it is.</summary>
    public IEnumerable<(int Organization, string Url)> Urls =>
        _endpoints.Select((endpoint, i) => (endpoint.Organization, $"{_app.Urls.First()}/{i}"));

    /// <summary>How many endpoints never take anything.</summary>
    public int Refusing => _endpoints.Count(endpoint => !endpoint.TakesAll);

    public long Requests => _endpoints.Sum(endpoint => endpoint.Arrivals.Count);

    /// <summary>Events that were taken, each counted once for each endpoint.</summary>
    public long Deliveries => Taken().Sum(taken => taken.Distinct().Count());

    /// <summary>Events that were taken once more.</summary>
    public long Duplicates => Taken().Sum(taken => taken.Count) - Deliveries;

    public static async Task<StormReceiver> Start(IEnumerable<StormEndpoint> endpoints)
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

    /// <summary>How many deliveries are due to all endpoints, also to those that take nothing.</summary>
    /// <param name="changes">what happened, by organization</param>
    public int Owed(IReadOnlyList<IReadOnlySet<StormChange>> changes) =>
        _endpoints.Sum(endpoint => changes[endpoint.Organization].Count);

    /// <summary>How many deliveries are missing at endpoints that take everything in the end.</summary>
    /// <param name="changes">what happened, by organization</param>
    public int Missing(IReadOnlyList<IReadOnlySet<StormChange>> changes) => _endpoints
        .Where(endpoint => endpoint.TakesAll)
        .Sum(endpoint => changes[endpoint.Organization]
            .Except(endpoint.Arrivals.Where(a => a.IsTaken).Select(a => a.Change)).Count());

    /// <summary>
    /// What must not have come: events that were invented or are another organization's, others' ids, first attempts
    /// out of order.
    /// </summary>
    /// <param name="changes">what happened, by organization</param>
    public IReadOnlyList<string> Violations(IReadOnlyList<IReadOnlySet<StormChange>> changes) =>
    [
        .. _endpoints.SelectMany((endpoint, i) => ViolationsOf([.. endpoint.Arrivals], changes[endpoint.Organization])
            .Select(violation => $"endpoint {i} ({endpoint.Manner}): {violation}")),
    ];

    private static IEnumerable<string> ViolationsOf(
        IReadOnlyList<StormArrival> arrivals, IReadOnlySet<StormChange> changes)
    {
        foreach (var invented in arrivals.Select(arrival => arrival.Change).Distinct().Where(c => !changes.Contains(c)))
        {
            yield return $"{invented} is not in the audit trail of its organization";
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
        var change = new StormChange(
            (string?)data["id"] ?? "", (long?)data["version"] ?? 0, (string?)body["type"] ?? "");
        var id = http.Request.Headers["webhook-id"].ToString();
        var endpoint = _endpoints[number];

        // The event's own digits, since the last ones are the endpoint's.
        var isRefused = _seen.TryAdd(id, true) && id.Length > RandomDigit && id[RandomDigit] % 4 == 0;
        var takes = endpoint.Manner == StormManner.Works || (endpoint.TakesAll && !isRefused);
        endpoint.Arrivals.Enqueue(new(id, change, takes));
        if (takes)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await Refuse(http, endpoint);
    }

    private async Task Refuse(HttpContext http, StormEndpoint endpoint)
    {
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        switch (endpoint.Manner)
        {
            case StormManner.DropsAtFirst or StormManner.Drops:
                http.Abort();
                break;
            case StormManner.HangsAtFirst or StormManner.Hangs:
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing);
                break;
            case StormManner.Redirects:
                var other = Urls.Zip(_endpoints).First(
                    each => each.Second is { Manner: StormManner.Works } && each.Second.Organization != endpoint.Organization);
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                http.Response.Headers.Location = other.First.Url;
                break;
            case StormManner.Drips:
                await Write(http, bytes: 1, times: int.MaxValue, TimeSpan.FromMilliseconds(50));
                break;
            case StormManner.Floods:
                await Write(http, bytes: 1 << 20, Megabytes, TimeSpan.Zero);
                break;
        }
    }

    /// <summary>Writes an answer until it is written or its reader leaves.</summary>
    private static async Task Write(HttpContext http, int bytes, int times, TimeSpan pause)
    {
        var part = new byte[bytes];
        for (var i = 0; i < times && !http.RequestAborted.IsCancellationRequested; i++)
        {
            await http.Response.Body.WriteAsync(part, CancellationToken.None);
            await http.Response.Body.FlushAsync(CancellationToken.None);
            await Task.Delay(pause, CancellationToken.None);
        }
    }
}
