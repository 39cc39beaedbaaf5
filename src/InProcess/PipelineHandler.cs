using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace TokenActors.InProcess;

/// <summary>
/// Runs requests through the gateway's own pipeline in this process, as if the client had sent them: with its address
/// and user agent, so that limits and the audit trail see who asks and not the gateway.
/// </summary>
/// <param name="pipeline">the gateway's</param>
/// <param name="scopes">services for each request</param>
/// <param name="client">the request on whose behalf others are made</param>
/// <param name="prepare">gives a request what it brings along beside its headers; null: nothing</param>
internal sealed class PipelineHandler(
    Pipeline pipeline, IServiceScopeFactory scopes, HttpContext client, Action<HttpContext>? prepare = null) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        using var answer = new MemoryStream();
        var response = new HttpResponseFeature();
        var features = FeaturesOf(request, body, answer, response, cancellationToken);
        using var requestBody = features.GetRequiredFeature<IHttpRequestFeature>().Body;
        var http = new DefaultHttpContext(features) { ServiceScopeFactory = scopes };
        await using var services = new RequestServicesFeature(http, scopes);
        features.Set<IServiceProvidersFeature>(services);
        prepare?.Invoke(http);
        await pipeline.Handle(http);
        await http.Response.CompleteAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return AnswerOf(response, answer, request);
    }

    private FeatureCollection FeaturesOf(
        HttpRequestMessage request, byte[] body, MemoryStream answer, HttpResponseFeature response,
        CancellationToken cancellationToken)
    {
        var uri = request.RequestUri ?? throw new ArgumentException("a request has an address", nameof(request));
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = request.Method.Method,
            Scheme = client.Request.Scheme,
            Protocol = client.Request.Protocol,
            Path = Decoded(uri.AbsolutePath),
            QueryString = uri.Query,
            RawTarget = uri.PathAndQuery,
            Headers = HeadersOf(request, body.Length),
            Body = new MemoryStream(body, writable: false),
        });
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        features.Set<IHttpRequestBodyDetectionFeature>(new BodyDetection(body.Length > 0));
        features.Set<IHttpRequestLifetimeFeature>(
            new HttpRequestLifetimeFeature { RequestAborted = cancellationToken });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            ConnectionId = client.Connection.Id,
            RemoteIpAddress = client.Connection.RemoteIpAddress,
            RemotePort = client.Connection.RemotePort,
            LocalIpAddress = client.Connection.LocalIpAddress,
            LocalPort = client.Connection.LocalPort,
        });
        return features;
    }

    /// <summary>As Kestrel decodes it: an escaped slash stays one.</summary>
    private static string Decoded(string path) =>
        Uri.UnescapeDataString(path.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));

    private IHeaderDictionary HeadersOf(HttpRequestMessage request, int length)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        IEnumerable<KeyValuePair<string, IEnumerable<string>>> given =
            request.Content is { } content ? request.Headers.Concat(content.Headers) : request.Headers;
        foreach (var (name, values) in given)
        {
            headers[name] = values.ToArray();
        }

        headers.Host = client.Request.Host.ToString();
        headers.UserAgent = client.Request.Headers.UserAgent;
        if (length > 0)
        {
            headers.ContentLength = length;
        }

        return headers;
    }

    private static HttpResponseMessage AnswerOf(
        HttpResponseFeature response, MemoryStream answer, HttpRequestMessage request)
    {
        var message = new HttpResponseMessage((HttpStatusCode)response.StatusCode)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(answer.ToArray()),
        };
        foreach (var (name, values) in response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
            {
                message.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        return message;
    }

    private sealed record BodyDetection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
