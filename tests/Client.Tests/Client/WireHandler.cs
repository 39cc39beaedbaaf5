using System.Net;

namespace TokenActors.Client.Tests.Client;

/// <summary>Answers requests in turn with whole answers, the last one for ever, and notes what was sent.</summary>
/// <param name="answers">each makes an answer, or throws what a connection ends with</param>
internal sealed class WireHandler(params Func<HttpResponseMessage>[] answers) : HttpMessageHandler
{
    public List<(string Method, Uri Address, string Body, string? Key)> Sent { get; } = [];

    public List<HttpRequestMessage> Requests { get; } = [];

    public static Func<HttpResponseMessage> Answer(int status, string body = "", string type = "application/json") => () =>
        new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, System.Text.Encoding.UTF8, type) };

    public static Func<HttpResponseMessage> Answer(int status, byte[] body) =>
        () => new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(body) };

    public static Func<HttpResponseMessage> Lost(HttpRequestError error) =>
        () => throw new HttpRequestException(error, "lost");

    public TokenActorsClient Client(Action<TokenActorsClientOptions>? change = null)
    {
        TokenActorsClientOptions options = new()
        {
            Service = new Uri("http://service.test/base/"), FirstPause = TimeSpan.FromTicks(1), Bearer = _ =>
                new("the-bearer"),
        };
        change?.Invoke(options);
        return new TokenActorsClient(new HttpClient(this), options);
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var answer = answers[Math.Min(Sent.Count, answers.Length - 1)];
        Sent.Add((
            request.Method.Method, request.RequestUri ?? throw new InvalidOperationException("no address"), body,
            request.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null));
        Requests.Add(request);
        return answer();
    }
}
