using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Security.AntiSSRF;
using TokenActors.Grains.Webhooks;

namespace TokenActors.Hosting.Webhooks;

/// <summary>
/// Posts to endpoints. An attempt costs no more than its time-out and a few kilobytes: redirects are not followed, and
/// of the answer only the beginning is read.
/// </summary>
internal sealed class WebhookSender : IWebhookSender, IDisposable
{
    private const int AnswerKept = 4 * 1024;
    private const int HeadersKept = 16;

    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    private readonly HttpClient _client;
    private readonly TimeSpan _timeout;

    public WebhookSender(WebhookAddresses addresses, TimeSpan timeout)
    {
        _timeout = timeout;
        var handler = addresses.Policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.MaxResponseHeadersLength = HeadersKept;
        handler.PooledConnectionLifetime = ConnectionLife;
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("TokenActors-Webhooks", "1.0"));
    }

    public async Task<AttemptResult> Send(WebhookRequest request, CancellationToken calledOff)
    {
        var began = Stopwatch.GetTimestamp();

        // A client of HTTP adds the ids of what is traced, and endpoints are others'.
        Activity.Current = null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(calledOff);
        end.CancelAfter(_timeout);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, request.Address)
            {
                Content = new ByteArrayContent(request.Body) { Headers = { ContentType = new("application/json") } },
            };
            foreach (var (name, value) in request.Headers)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, end.Token);
            var answer = await Beginning(response.Content, end.Token);
            return new AttemptResult(
                (int)response.StatusCode, null, answer, Stopwatch.GetElapsedTime(began), RetryAfter(response));
        }
        catch (OperationCanceledException) when (calledOff.IsCancellationRequested)
        {
            return Failed("called off");
        }
        catch (OperationCanceledException)
        {
            return Failed(string.Create(CultureInfo.InvariantCulture, $"no answer within {_timeout.TotalSeconds} s"));
        }
        catch (AntiSSRFException)
        {
            return Failed("leads to an address that endpoints must not have");
        }
        catch (Exception e)
        {
            return Failed(e.InnerException is AntiSSRFException
                ? "leads to an address that endpoints must not have"
                : e.Message);
        }

        AttemptResult Failed(string error) => new(null, error, null, Stopwatch.GetElapsedTime(began), null);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The beginning of an answer; what an endpoint takes long over is left out.</summary>
    private static async Task<string?> Beginning(HttpContent content, CancellationToken cancellationToken)
    {
        var bytes = new byte[AnswerKept];
        var length = 0;
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status is known, and decides.
        }

        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - TimeProvider.System.GetUtcNow(),
        _ => null,
    };
}
