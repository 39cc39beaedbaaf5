using System.Net;
using System.Net.Sockets;

namespace TokenActors.Client.Tests.Client;

/// <summary>What happens to a request on its way.</summary>
public enum WireFault
{
    /// <summary>It is answered.</summary>
    None,

    /// <summary>No connection is made.</summary>
    NotSent,

    /// <summary>A connection is made and lost at once: .NET throws the socket's own error.</summary>
    NotKept,

    /// <summary>It is carried out, and the connection is lost before the answer.</summary>
    AnswerLost,

    /// <summary>It is carried out, and the answer is cut off.</summary>
    AnswerCut,

    /// <summary>It is carried out, and a proxy answers with a page of its own.</summary>
    Page,

    /// <summary>A proxy answers 503 without asking the service.</summary>
    Unavailable,

    /// <summary>It is answered 429 with <c>Retry-After: 1</c>.</summary>
    TooMany,
}

/// <summary>Sends requests through, with a fault for each in turn, and notes them.</summary>
public sealed class FaultyHandler(params WireFault[] faults) : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly Queue<WireFault> _faults = new(faults);

    public List<string?> Keys { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Keys.Add(request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null);
        var fault = _faults.TryDequeue(out var next) ? next : WireFault.None;
        switch (fault)
        {
            case WireFault.NotSent:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
            case WireFault.NotKept:
                throw new SocketException((int)SocketError.NotConnected);
            case WireFault.Unavailable:
                return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Content = new StringContent("<html>") };
            case WireFault.TooMany:
                return new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { { "Retry-After", "1" } } };
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (fault is WireFault.None)
        {
            return response;
        }

        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        response.Dispose();
        if (fault is WireFault.Page)
        {
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>Back soon</html>") };
        }

        throw fault == WireFault.AnswerLost
            ? new HttpRequestException(HttpRequestError.ResponseEnded, "reset")
            : new HttpIOException(HttpRequestError.ResponseEnded, "cut");
    }
}
