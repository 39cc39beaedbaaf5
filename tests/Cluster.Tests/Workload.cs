using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace TokenActors.Cluster.Tests;

/// <summary>
/// Clients that issue, refresh, rotate, reset, revoke and introspect through all gateways, each repeating a call whose
/// outcome it does not know until it does, as a careful client would.
/// </summary>
internal sealed class Workload(
    IReadOnlyList<string> gateways, string admin, string organizationId, TokenBook book, int seed)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(12) };

    public Task Run(int changers, int lookers, CancellationToken stop) => Task.WhenAll(
    [
        .. Enumerable.Range(0, changers).Select(
            i => Task.Run(() => Change(new Random(seed + i), stop), CancellationToken.None)),
        .. Enumerable.Range(0, lookers).Select(
            i => Task.Run(() => Look(new Random(seed - 1 - i), stop), CancellationToken.None)),
    ]);

    private async Task Change(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var token = await Issue(random);
            book.Add(token);
            var steps = random.Next(2, 12);
            for (var step = 0; step < steps && !token.Deleted && !stop.IsCancellationRequested; step++)
            {
                await Step(token, random);
                book.Operated();
            }
        }
    }

    private async Task Look(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (book.Any(random) is not { } token)
            {
                await Task.Delay(10, CancellationToken.None);
                continue;
            }

            var all = token.All.ToArray();
            var credential = all[random.Next(Math.Max(0, all.Length - 6), all.Length)];
            var began = Stopwatch.GetTimestamp();
            if (await Once(random, () => Introspection(credential.Secret)) is (HttpStatusCode.OK, var body))
            {
                book.Looked(token, credential, began, (bool)body!["active"]!);
            }
        }
    }

    /// <summary>Looks at every secret once more, when all is quiet.</summary>
    public async Task LookAtAll()
    {
        var random = new Random(seed);
        foreach (var token in book.Tokens)
        {
            foreach (var credential in token.All)
            {
                var began = Stopwatch.GetTimestamp();
                var body = await Call(random, () => Introspection(credential.Secret), HttpStatusCode.OK);
                book.Looked(token, credential, began, (bool)body["active"]!);
            }
        }
    }

    private async Task<TokenModel> Issue(Random random)
    {
        var key = Guid.NewGuid().ToString("N");
        var made = await Call(
            random,
            () => Request(HttpMethod.Post, "/v1/tokens", admin, """{"permission_set":"viewer","resources":{}}""", key),
            HttpStatusCode.Created);
        var result = made["result"]!;
        book.Operated();
        return new TokenModel((string)result["id"]!, PairOf(result));
    }

    private Task Step(TokenModel token, Random random) => random.Next(20) switch
    {
        < 8 => Renew(token, random, $"/v1/tokens/{token.Id}/refresh", token.Primary.Refresh.Secret, keepOld: true),
        < 11 => Renew(token, random, $"/v1/tokens/{organizationId}/{token.Id}/rotate", admin, keepOld: true),
        < 15 => Renew(token, random, $"/v1/tokens/{organizationId}/{token.Id}/reset", admin, keepOld: false),
        < 17 => RemoveSecondary(token, random),
        < 19 => Delete(token, random, () => Request(HttpMethod.Delete, $"/v1/tokens/{token.Id}", admin)),
        _ => Delete(token, random, () => Form("/oauth2/revoke", token.Primary.Access.Secret)),
    };

    private async Task Renew(TokenModel token, Random random, string path, string bearer, bool keepOld)
    {
        var key = Guid.NewGuid().ToString("N");
        TokenModel.Doom(token.Secondary, keepOld ? null : token.Primary);

        // The old refresh secret gives the same answer again at most; whether it counts as active is the machine's
        // business.
        token.Primary.Refresh.Doom();
        token.Note(path.Split('/')[^1]);
        var renewed = await Call(
            random, () => Request(HttpMethod.Put, path, bearer, null, bearer == admin ? key : null), HttpStatusCode.OK);
        token.Superseded(PairOf(renewed["result"]!), keepOld);
        token.Note("done");
    }

    private async Task RemoveSecondary(TokenModel token, Random random)
    {
        TokenModel.Doom(token.Secondary);
        token.Note("remove secondary");
        await Call(
            random, () => Request(HttpMethod.Delete, $"/v1/tokens/{token.Id}/secondary", admin),
            HttpStatusCode.NoContent, HttpStatusCode.OK);
        token.SecondaryRemoved();
    }

    private async Task Delete(TokenModel token, Random random, Func<HttpRequestMessage> request)
    {
        TokenModel.Doom(token.Primary, token.Secondary);
        token.Note("delete");

        // Not found is success here too: an earlier try of the same call may have done it.
        await Call(random, request, HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.NotFound);
        token.ClearDeleting();
    }

    /// <summary>Repeats the call until its outcome is known.</summary>
    private async Task<JsonNode> Call(Random random, Func<HttpRequestMessage> request, params HttpStatusCode[] good)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await Once(random, request) is var (status, body))
            {
                if (!good.Contains(status))
                {
                    using var sent = request();
                    var what = $"{sent.Method} {sent.RequestUri}, begun {Stopwatch.GetElapsedTime(since).TotalSeconds:f1} s before, was answered {(int)status} {body}";
                    book.Violation(what);
                    throw new InvalidOperationException(what);
                }

                return body ?? new JsonObject();
            }

            if (Stopwatch.GetElapsedTime(since) > GiveUpAfter)
            {
                using var sent = request();
                throw new TimeoutException($"{sent.Method} {sent.RequestUri} was not answered for {GiveUpAfter}");
            }

            await Task.Delay(random.Next(50, 200), CancellationToken.None);
        }
    }

    /// <summary>Null where the outcome is not known: 503, or no answer.</summary>
    private async Task<(HttpStatusCode Status, JsonNode? Body)?> Once(Random random, Func<HttpRequestMessage> request)
    {
        try
        {
            using var message = request();
            message.RequestUri = new Uri(gateways[random.Next(gateways.Count)] + message.RequestUri!.OriginalString);
            using var answer = await _http.SendAsync(message);
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                var text = await answer.Content.ReadAsStringAsync();
                return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
            }
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or TaskCanceledException or IOException)
        {
        }

        book.Repeated();
        return null;
    }

    private HttpRequestMessage Introspection(string secret) => Form("/oauth2/introspect", secret);

    /// <summary>The hint lets an introspection tell of either half.</summary>
    private HttpRequestMessage Form(string path, string secret)
    {
        var request = Request(HttpMethod.Post, path, admin);
        request.Content = new FormUrlEncodedContent([new("token", secret), new("token_type_hint", "refresh_token")]);
        return request;
    }

    private static HttpRequestMessage Request(
        HttpMethod method, string path, string bearer, string? json = null, string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        return request;
    }

    private static Pair PairOf(JsonNode result)
    {
        var primary = result["primary"]!;
        return Pair.Born((string)primary["access"]!["secret"]!, (string)primary["refresh"]!["secret"]!);
    }
}
