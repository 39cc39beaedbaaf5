using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace TokenActors.Gateway.Http;

/// <summary>An error, in the shape of the API that answers it. No cache may keep it.</summary>
/// <param name="status">the HTTP status</param>
internal abstract class Refusal(int status) : IResult, IStatusCodeHttpResult
{
    /// <summary>The HTTP status.</summary>
    protected int Status => status;

    public int? StatusCode => status;

    /// <summary>After which time it may be tried again; null where that does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The challenge of a 401 or 403 (RFC 6750 3).</summary>
    public string? Challenge { get; init; }

    /// <summary>Clients that ask again by themselves must not.</summary>
    public bool IsFinal { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
        }

        if (Challenge is not null)
        {
            headers.WWWAuthenticate = Challenge;
        }

        if (IsFinal)
        {
            headers["x-should-retry"] = "false";
        }

        return Write(httpContext);
    }

    protected abstract Task Write(HttpContext http);
}

/// <summary>A refusal with a JSON body.</summary>
/// <param name="status">the HTTP status</param>
/// <param name="body">makes the body for a request</param>
/// <param name="type">how it is written</param>
internal sealed class JsonRefusal<T>(int status, Func<HttpContext, T> body, JsonTypeInfo<T> type) : Refusal(status)
{
    protected override Task Write(HttpContext http)
    {
        http.Response.StatusCode = Status;
        return http.Response.WriteAsJsonAsync(body(http), type, "application/json", http.RequestAborted);
    }
}
