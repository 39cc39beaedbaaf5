using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Testing.Storms;

/// <summary>
/// Clients that issue and refresh tokens and change accounts, as many changes as they are allowed. Each repeats a call
/// whose outcome it does not know until it does.
/// </summary>
/// <param name="url">where the service is now</param>
/// <param name="admin">a bearer who may all of it</param>
/// <param name="organizationId">the bearer's organization</param>
public sealed class StormClients(Func<string> url, string admin, string organizationId) : IDisposable
{
    private const int RefreshesOfEach = 8;
    private const int UpdatesOfEach = 4;

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _allowed = new(0);
    private readonly ConcurrentDictionary<string, int> _answered = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(12) };

    /// <summary>The types of what they do.</summary>
    public static IReadOnlyList<string> Types { get; } =
        ["account.created", "account.updated", "token.issued", "token.refreshed", "token.rotated"];

    public string OrganizationId => organizationId;

    public int Answered => _answered.Values.Sum();

    /// <summary>How often a call was repeated, as after a kill.</summary>
    public int Repeats { get; private set; }

    public void Dispose()
    {
        _http.Dispose();
        _allowed.Dispose();
    }

    /// <summary>Lets so many more changes happen.</summary>
    public void Allow(int changes) => _allowed.Release(changes);

    /// <summary>Makes a suborganization, for clients of its own.</summary>
    public async Task<StormClients> Suborganization()
    {
        var made = await Call(HttpMethod.Post, "/v1/suborgs", admin, []);
        return new(url, Text(made?["token"]?["access"], "secret"), Text(made?["organization"], "id"));
    }

    /// <summary>Makes an endpoint for all that they do.</summary>
    public Task Listen(string address) => Call(
        HttpMethod.Post, "/lifecycle/v1/webhooks", admin,
        new JsonObject { ["url"] = address, ["types"] = new JsonArray([.. Types.Select(type => JsonValue.Create(type))]) });

    public Task Run(int clients, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => Change(stop), CancellationToken.None)));

    /// <summary>Subjects of which more changes were answered than the audit trail has.</summary>
    public IReadOnlyList<string> Violations(IReadOnlyCollection<StormChange> changes)
    {
        var noted = changes.CountBy(change => change.Subject).ToDictionary();
        return
        [
            .. _answered.Where(answered => noted.GetValueOrDefault(answered.Key) < answered.Value)
                .Select(answered => $"{answered.Value} changes of {answered.Key} were answered, and fewer are noted"),
        ];
    }

    private async Task Change(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await ChangeToken(stop);
                await ChangeAccount(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task ChangeToken(CancellationToken stop)
    {
        await _allowed.WaitAsync(stop);
        var token = await Call(
            HttpMethod.Post, "/v1/tokens", admin, new() { ["permission_set"] = "viewer", ["resources"] = new JsonObject() });
        var id = Text(token, "id");
        Note(id);
        for (var i = 0; i < RefreshesOfEach; i++)
        {
            await _allowed.WaitAsync(stop);
            var secret = Text(token?["primary"]?["refresh"], "secret");
            token = i % 4 == 3
                ? await Call(HttpMethod.Put, $"/v1/tokens/{organizationId}/{id}/rotate", admin)
                : await Call(HttpMethod.Put, $"/v1/tokens/{id}/refresh", secret);
            Note(id);
        }
    }

    private async Task ChangeAccount(CancellationToken stop)
    {
        await _allowed.WaitAsync(stop);
        var id = Text((await Call(HttpMethod.Post, "/v1/accounts", admin, []))?["account"], "id");
        Note(id);
        for (var i = 0; i < UpdatesOfEach; i++)
        {
            await _allowed.WaitAsync(stop);
            await Call(
                HttpMethod.Patch, $"/v1/accounts/{id}", admin,
                new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/fullname", ["value"] = $"name {i}" }));
            Note(id);
        }
    }

    private void Note(string subject) => _answered.AddOrUpdate(subject, 1, (_, before) => before + 1);

    private Task<JsonNode?> Call(HttpMethod method, string path, string bearer) =>
        Call(method, path, bearer, (JsonNode?)null);

    private Task<JsonNode?> Call(HttpMethod method, string path, string bearer, JsonObject body) =>
        Call(method, path, bearer, (JsonNode)body);

    /// <summary>The result of a call, repeated under its key until it is known.</summary>
    private async Task<JsonNode?> Call(HttpMethod method, string path, string bearer, JsonNode? body)
    {
        var (key, since) = (Guid.NewGuid().ToString("N"), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(since) < GiveUpAfter)
        {
            try
            {
                using var request = new HttpRequestMessage(method, url() + path);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
                if (bearer == admin && method != HttpMethod.Patch)
                {
                    request.Headers.Add("Idempotency-Key", key);
                }

                request.Content = body is null
                    ? null
                    : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                using var answer = await _http.SendAsync(request);
                var text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode)
                {
                    return JsonNode.Parse(text)?["result"];
                }

                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    throw new InvalidOperationException(
                        $"{method} {path} was answered {(int)answer.StatusCode} {text}");
                }
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException or IOException)
            {
                // The outcome is not known.
            }

            Repeats++;
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        throw new TimeoutException($"{method} {path} was not answered for {GiveUpAfter}");
    }

    private static string Text(JsonNode? node, string name) =>
        (string?)node?[name] ?? throw new InvalidOperationException($"the answer has no {name}");
}
