using TokenActors.Gateway.Calls;
using TokenActors.Gateway.OAuth;
using TokenActors.Gateway.Problems;

namespace TokenActors.Gateway.Hosting;

/// <summary>Whatever was not answered by a handler: faults below become 503, Kestrel's refusals and unrouted requests a Problem.</summary>
internal sealed partial class Faults(RequestDelegate next, ILogger<Faults> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await Unrouted(http).ExecuteAsync(http);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await Answer(http, e).ExecuteAsync(http);
        }
    }

    private IResult Answer(HttpContext http, Exception e)
    {
        switch (e)
        {
            case OutcomeUnknownException:
                LogUnavailable(http.Request.Path, e.InnerException!);
                return ProblemResults.Unavailable(http, outcomeKnown: false);
            case BadHttpRequestException bad:
                return http.Request.Path.StartsWithSegments("/oauth2")
                    ? OAuthError.Answer(http, bad.StatusCode, "invalid_request", "the request cannot be read")
                    : ProblemResults.Of(http, bad.StatusCode, "bad-request", bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                        ? "The body is larger than 1 MiB."
                        : "The request cannot be read.");
            case var _ when GrainCalls.IsUnavailable(e):
                LogUnavailable(http.Request.Path, e);
                return ProblemResults.Unavailable(http, outcomeKnown: true);
            default:
                LogUnexpected(http.Request.Path, e);
                return ProblemResults.Of(http, StatusCodes.Status500InternalServerError, "internal", "Something went wrong on our side.");
        }
    }

    private static IResult Unrouted(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => ProblemResults.Of(http, 404, "no-such-route", "There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed => ProblemResults.Of(http, 405, "method-not-allowed", "The path does not take this method."),
        StatusCodes.Status415UnsupportedMediaType => ProblemResults.Of(http, 415, "unsupported-media-type", "The body must be application/json."),
        var status => ProblemResults.Of(http, status, "bad-request", "The request cannot be answered."),
    };

    [LoggerMessage(4001, LogLevel.Warning, "{Path} could not be answered: storage or silo did not answer")]
    private partial void LogUnavailable(string path, Exception exception);

    [LoggerMessage(4002, LogLevel.Error, "{Path} failed unexpectedly")]
    private partial void LogUnexpected(string path, Exception exception);
}
