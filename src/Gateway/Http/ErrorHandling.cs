using Microsoft.AspNetCore.Http.Metadata;

namespace TokenActors.Gateway.Http;

/// <summary>
/// Answers what no handler answered: faults below become 503, bugs 500, Kestrel's refusals and unrouted requests an
/// error, each in the shape of the API whose path it is.
/// </summary>
/// <param name="next">the rest of the pipeline</param>
/// <param name="apis">in the order in which they are asked whose a path is; the last owns every path</param>
/// <param name="options">whether pages of other origins may ask</param>
/// <param name="outages">is told of what could not be answered</param>
/// <param name="logger">is told of bugs</param>
internal sealed partial class ErrorHandling(RequestDelegate next, IEnumerable<Api> apis, GatewayOptions options,
    OutageLog outages, ILogger<ErrorHandling> logger)
{
    private readonly Api[] _apis = [.. apis];

    public async Task InvokeAsync(HttpContext http)
    {
        Guard(http.Response.Headers);
        try
        {
            await next(http);
            if (!http.Response.HasStarted
                && http.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await Shape(http, Unrouted(http.Response.StatusCode)).ExecuteAsync(http);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            Guard(http.Response.Headers);
            await Shape(http, ErrorOf(http, e)).ExecuteAsync(http);
        }
    }

    /// <summary>No answer is kept by a cache or taken for something else than it says.</summary>
    private void Guard(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        if (options.BrowserOrigins.Count > 0)
        {
            headers.Vary = "Origin";
        }
    }

    private ApiError ErrorOf(HttpContext http, Exception e)
    {
        switch (e)
        {
            case OutcomeUnknownException:
                outages.Unanswered(PathOf(http), e.InnerException ?? e);

                // Clients that ask again by themselves must not: they cannot know whether the first attempt was carried
                // out.
                return Unavailable("The service cannot tell whether the request was carried out.") with { IsFinal = true };
            case BadHttpRequestException bad:
                return new(bad.StatusCode, ApiErrorKind.Invalid, bad.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => $"The body is larger than {MostOf(http)} MiB.",
                    StatusCodes.Status415UnsupportedMediaType =>
                        "The body must be application/json, and not compressed.",
                    _ => "The request cannot be read.",
                });
            case var _ when GrainCalls.IsUnavailable(e):
                outages.Unanswered(PathOf(http), e);
                return Unavailable("The service cannot answer right now.");
            default:
                LogUnexpected(PathOf(http), e);
                return new(500, ApiErrorKind.Internal, "Something went wrong on our side.");
        }
    }

    /// <summary>How many MiB a body of the route may have.</summary>
    private static long MostOf(HttpContext http) =>
        (http.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? 1 << 20) >> 20;

    /// <summary>Without secrets, which clients put into paths by mistake.</summary>
    private static string PathOf(HttpContext http) => ApiRequest.Of(http).Masked(http.Request.Path.Value ?? "");

    private static ApiError Unavailable(string message) =>
        new(503, ApiErrorKind.Unavailable, message) { RetryAfter = TimeSpan.FromSeconds(1) };

    private static ApiError Unrouted(int status) => status switch
    {
        StatusCodes.Status404NotFound => new(404, ApiErrorKind.NoRoute, "There is nothing at this path."),
        StatusCodes.Status405MethodNotAllowed =>
            new(405, ApiErrorKind.MethodNotAllowed, "The path does not take this method."),
        StatusCodes.Status415UnsupportedMediaType =>
            new(415, ApiErrorKind.Invalid, "The body must be application/json."),
        _ => new(status, ApiErrorKind.Invalid, "The request cannot be answered."),
    };

    private Refusal Shape(HttpContext http, ApiError error) =>
        _apis.First(api => api.Owns(http.Request.Path)).Error(error);

    [LoggerMessage(4002, LogLevel.Error, "{Path} failed unexpectedly")]
    private partial void LogUnexpected(string path, Exception exception);
}
