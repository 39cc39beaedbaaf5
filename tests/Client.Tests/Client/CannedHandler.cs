using System.Net;

namespace TokenActors.Client.Tests.Client;

/// <summary>Answers requests with what a test says, and notes them.</summary>
/// <param name="answer">the JSON of an answer by the request's number, from 0 on; null: 503</param>
public sealed class CannedHandler(Func<int, string?> answer) : HttpMessageHandler
{
    public List<Uri> Asked { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var text = answer(Asked.Count);
        Asked.Add(request.RequestUri ?? throw new InvalidOperationException("no address"));
        return Task.FromResult(new HttpResponseMessage(
            text is null ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK)
        {
            Content = new StringContent(text ?? "", System.Text.Encoding.UTF8, "application/json"),
        });
    }

    /// <summary>A client that is answered so, once for each call.</summary>
    public TokenActorsClient Client() =>
        new(new HttpClient(this), new() { Service = new Uri("http://service.test"), Retries = 0 });
}
