using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Polly;
using Polly.Retry;

namespace TokenActors.Client.Http;

/// <summary>Sends calls, again where that is safe, and reads what they are answered with.</summary>
internal sealed class ApiConnection
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("TokenActors.Client", typeof(ApiConnection).Assembly.GetName().Version?.ToString(3));

    private readonly HttpClient _http;
    private readonly TokenActorsClientOptions _options;
    private readonly ResiliencePipeline<Attempt> _retries;
    private readonly ResiliencePipeline<Attempt> _cautiousRetries;

    public ApiConnection(HttpClient http, TokenActorsClientOptions options)
    {
        (_http, _options) = (http, options);
        _retries = RetriesOf(options, attempt => attempt.Answer is null or { IsTransient: true });
        _cautiousRetries = RetriesOf(
            options, attempt => !attempt.MayBeDone && attempt.Answer is null or { Status: HttpStatusCode.TooManyRequests });
    }

    /// <summary>The text of the bearer; null where the options give none.</summary>
    public ValueTask<string?> Bearer(CancellationToken cancellation) =>
        _options.Bearer?.Invoke(cancellation) ?? default;

    /// <summary>The answer's body.</summary>
    public async Task<T> Read<T>(ApiCall call, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        (await ReadWhole(call, type, cancellation).ConfigureAwait(false)).Value;

    /// <summary>The answer's body with its tag.</summary>
    public async Task<(T Value, string? Tag)> ReadTagged<T>(
        ApiCall call, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var (value, answer) = await ReadWhole(call, type, cancellation).ConfigureAwait(false);
        return (value, answer.Tag);
    }

    /// <summary>The answer's body with all that came beside it.</summary>
    public async Task<(T Value, ApiAnswer Answer)> ReadWhole<T>(
        ApiCall call, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var answer = await Send(call, cancellation).ConfigureAwait(false);
        try
        {
            return (Whole(JsonSerializer.Deserialize(answer.Body, type)), answer);
        }
        catch (JsonException e)
        {
            throw Unreadable(call, answer.Status, e);
        }
    }

    /// <summary>A part of an answer that is read as it comes.</summary>
    public static T Part<T>(string text, JsonTypeInfo<T> type)
    {
        try
        {
            return Whole(JsonSerializer.Deserialize(text, type));
        }
        catch (JsonException e)
        {
            throw new CallFailedException("A part of the service's answer cannot be read.", e);
        }
    }

    private static T Whole<T>(T? value) => value is null or IAnswer { IsWhole: false }
        ? throw new JsonException("The answer is empty, or a part of it is not there.")
        : value;

    /// <summary>
    /// A proxy's page, say, in place of the answer: a change may have been carried out all the same.
    /// </summary>
    private static TokenActorsException Unreadable(ApiCall call, HttpStatusCode status, JsonException? e = null)
    {
        var detail = $"The service's answer to {call.Method} /{call.Path} cannot be read.";
        return call.IsChange
            ? new OutcomeUnknownException(detail, call.IdempotencyKey, e) { Status = status }
            : new CallFailedException(detail, e) { Status = status };
    }

    /// <summary>A call whose answer has no body: one that has is not the service's.</summary>
    public async Task Run(ApiCall call, CancellationToken cancellation)
    {
        var answer = await Send(call, cancellation).ConfigureAwait(false);
        if (answer.IsSuccess && answer.Body.Length > 0)
        {
            throw Unreadable(call, answer.Status);
        }
    }

    /// <summary>A successful answer, or the exception that says why there is none.</summary>
    public async Task<ApiAnswer> Send(ApiCall call, CancellationToken cancellation)
    {
        var mayBeDone = false;
        var retries = call.Safety == RepeatSafety.Never ? _cautiousRetries : _retries;
        var last = await retries.ExecuteAsync(
            async token =>
            {
                var attempt = await SendOnce(call, token).ConfigureAwait(false);
                mayBeDone |= attempt.MayBeDone;
                return attempt;
            },
            cancellation).ConfigureAwait(false);
        if (last.Answer is not { } answer)
        {
            throw mayBeDone && call.IsChange
                ? new OutcomeUnknownException(
                    "The answer was lost: nobody knows whether it was done.", call.IdempotencyKey, last.Loss)
                : new CallFailedException($"The service cannot be reached: {last.Loss?.Message}", last.Loss);
        }

        if (answer.IsSuccess
            || (answer.Status == HttpStatusCode.NotFound && call.Safety == RepeatSafety.Delete && mayBeDone))
        {
            return answer;
        }

        throw answer.IsUndecided && call.IsChange
            ? new OutcomeUnknownException(
                "The service could not say whether it was done.", call.IdempotencyKey, Problems.Of(answer))
            {
                Status = answer.Status, RetryAfter = answer.RetryAfter,
            }
            : Problems.Of(answer);
    }

    /// <summary>Opens an answer that is read as it comes; its end is the caller's.</summary>
    public async Task<HttpResponseMessage> Open(ApiCall call, CancellationToken cancellation)
    {
        using var request = await RequestOf(call, cancellation).ConfigureAwait(false);
        try
        {
            var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                .ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw Problems.Of(await AnswerOf(response, cancellation).ConfigureAwait(false));
            }
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            throw new CallFailedException($"The service cannot be reached: {e.Message}", e);
        }
    }

    private static ResiliencePipeline<Attempt> RetriesOf(TokenActorsClientOptions options, Func<Attempt, bool> isSafe)
    {
        var builder = new ResiliencePipelineBuilder<Attempt> { TimeProvider = options.Time };
        return options.Retries == 0 ? builder.Build() : builder.AddRetry(new RetryStrategyOptions<Attempt>
        {
            MaxRetryAttempts = options.Retries,
            Delay = options.FirstPause,
            MaxDelay = options.LongestPause,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,

            // A pause that is longer than the longest is the caller's to make.
            ShouldHandle = new PredicateBuilder<Attempt>()
                .HandleResult(attempt => isSafe(attempt) && !(attempt.Answer?.RetryAfter > options.LongestPause)),
            DelayGenerator = arguments => new ValueTask<TimeSpan?>(arguments.Outcome.Result?.Answer?.RetryAfter),
        }).Build();
    }

    private async Task<Attempt> SendOnce(ApiCall call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.AttemptTimeout, _options.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        using var request = await RequestOf(call, cancellation).ConfigureAwait(false);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ending.Token)
                .ConfigureAwait(false);
            return Attempt.Answered(await AnswerOf(response, ending.Token).ConfigureAwait(false));
        }
        catch (HttpRequestException e)
        {
            return Attempt.Lost(e, MayHaveBeenSent(e));
        }
        catch (SocketException e)
        {
            // .NET leaves the error as it is where a connection ends in the moment that it was made, before anything is
            // sent.
            return Attempt.Lost(e, wasSent: false);
        }
        catch (IOException e)
        {
            return Attempt.Lost(e, wasSent: true);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            return Attempt.Lost(new TimeoutException("no answer came in time", e), wasSent: true);
        }
    }

    /// <summary>False where no connection was made, so that nothing can have been sent.</summary>
    private static bool MayHaveBeenSent(HttpRequestException e) => e.HttpRequestError is not
        (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError);

    private async Task<ApiAnswer> AnswerOf(HttpResponseMessage response, CancellationToken cancellation) => new(
        response.StatusCode,
        await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false),
        response.Headers.ETag?.ToString(),
        WaitOf(response.Headers.RetryAfter),
        response.Headers.Date);

    /// <summary>Seconds, or until a time (RFC 9110 10.2.3); null where none is said, or a time that is past.</summary>
    private TimeSpan? WaitOf(RetryConditionHeaderValue? asked) => asked?.Delta
        ?? (asked?.Date - _options.Time.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : null);

    private async Task<HttpRequestMessage> RequestOf(ApiCall call, CancellationToken cancellation)
    {
        var service = _options.Service ?? _http.BaseAddress
            ?? throw new InvalidOperationException("The client's options name no service.");
        var request = new HttpRequestMessage(
            call.Method, new Uri($"{service.AbsoluteUri.TrimEnd('/')}/{call.Target()}"));
        request.Headers.Accept.ParseAdd(call.Accept);
        request.Headers.UserAgent.Add(UserAgent);
        if (!call.IsAnonymous
            && (call.Bearer?.Reveal() ?? await Bearer(cancellation).ConfigureAwait(false)) is { } bearer)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", HeaderText.Secret(bearer));
        }

        if (call.IdempotencyKey is { } key)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (call.IfMatch is { } tag)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(call.BodyType) } };
        }

        return request;
    }
}

/// <summary>What one attempt came to.</summary>
/// <param name="Answer">null where none came</param>
/// <param name="Loss">why none came</param>
/// <param name="MayBeDone">the service may have carried it out without saying so</param>
internal sealed record Attempt(ApiAnswer? Answer, Exception? Loss, bool MayBeDone)
{
    public static Attempt Answered(ApiAnswer answer) => new(answer, null, answer.IsUndecided);

    public static Attempt Lost(Exception loss, bool wasSent) => new(null, loss, wasSent);
}
