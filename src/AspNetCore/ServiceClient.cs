using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace TokenActors.AspNetCore;

/// <summary>The calls to TokenActors.</summary>
internal sealed class ServiceClient(
    string scheme, IHttpClientFactory clients, IOptionsMonitor<TokenActorsOptions> monitor)
{
    private static readonly TimeSpan LongestIntrospection = TimeSpan.FromSeconds(10);

    private TokenActorsOptions Options => monitor.Get(scheme);

    /// <summary>The name of the HTTP client, for whoever wants to give it handlers.</summary>
    public static string NameOf(string scheme) => $"TokenActors:{scheme}";

    /// <summary>What the service says of a secret now.</summary>
    /// <exception cref="ServiceUnreachableException">it does not say</exception>
    public async Task<IntrospectedToken> Introspect(
        string secret, string? clientAddress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(LongestIntrospection);
        List<KeyValuePair<string, string>> form = [new("token", secret), new("token_type_hint", "access_token")];
        if (clientAddress is not null)
        {
            form.Add(new("client_ip", clientAddress));
        }

        using var request = Request(HttpMethod.Post, "oauth2/introspect");
        request.Content = new FormUrlEncodedContent(form);
        try
        {
            using var response = await Client().SendAsync(request, limit.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.BadRequest)
            {
                throw new ServiceUnreachableException(
                    $"the introspection was answered with {(int)response.StatusCode}");
            }

            var token = Read(await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false));

            // What has more around it than a secret is 400, and as inactive as what was never issued.
            return response.IsSuccessStatusCode || token.IsInvalidRequest
                ? token
                : throw new ServiceUnreachableException("the introspection was answered with 400");
        }
        catch (Exception e) when (e is not ServiceUnreachableException
            && (e is not OperationCanceledException || !cancellation.IsCancellationRequested))
        {
            // Handlers of the application (circuit breakers, time-outs) throw what they like.
            throw new ServiceUnreachableException("the introspection was not answered", e);
        }
    }

    /// <summary>Its texts are read here, where one that is no text is told like any other answer that cannot be
    /// read.</summary>
    private static IntrospectedToken Read(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        foreach (var member in document.RootElement.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String))
        {
            _ = member.Value.GetString();
        }

        return IntrospectedToken.From(document.RootElement.Clone());
    }

    /// <summary>Opens the stream of revocations after what was read last.</summary>
    /// <exception cref="ServiceUnreachableException">the service does not give it</exception>
    public async Task<HttpResponseMessage> OpenRevocations(string? lastEventId, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, "lifecycle/v1/revocations");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        HttpResponseMessage response;
        try
        {
            response = await Client().SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            throw new ServiceUnreachableException("the stream of revocations was not opened", e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new ServiceUnreachableException(
                $"the stream of revocations was answered with {(int)response.StatusCode}");
        }
    }

    private HttpClient Client()
    {
        var client = clients.CreateClient(NameOf(scheme));
        client.Timeout = Timeout.InfiniteTimeSpan;
        return client;
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var options = Options;
        var root = options.Service?.AbsoluteUri.TrimEnd('/')
            ?? throw new InvalidOperationException("no service is configured");
        return new HttpRequestMessage(method, new Uri($"{root}/{path}"))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", options.Secret?.Trim()) },
        };
    }
}
