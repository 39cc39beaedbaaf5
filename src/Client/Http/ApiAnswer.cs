using System.Net;

namespace TokenActors.Client.Http;

/// <summary>An answer that came, whole.</summary>
/// <param name="Status">the HTTP status</param>
/// <param name="Body">its bytes</param>
/// <param name="Tag">its <c>ETag</c></param>
/// <param name="RetryAfter">how long to wait</param>
/// <param name="Date">when it was made, by the service's clock</param>
internal sealed record ApiAnswer(
    HttpStatusCode Status, byte[] Body, string? Tag, TimeSpan? RetryAfter, DateTimeOffset? Date)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The service did not decide, or did and could not say so.</summary>
    public bool IsUndecided =>
        Status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    public bool IsTransient => IsUndecided || Status == HttpStatusCode.TooManyRequests;
}
