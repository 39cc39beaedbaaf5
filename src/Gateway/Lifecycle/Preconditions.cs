using Microsoft.Net.Http.Headers;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle;

/// <summary><c>If-Match</c> (RFC 9110 13.1.1): it is strong, and covers what a change can change.</summary>
internal static class Preconditions
{
    /// <summary>What is wrong with the header of a change that demands it; null where it may go on.</summary>
    /// <param name="request">the change</param>
    /// <param name="tag">of what is there now</param>
    /// <param name="what">is changed, such as <c>webhook</c></param>
    public static ApiError? Require(ApiRequest request, string tag, string what) =>
        request.Http.Request.Headers.IfMatch.Count == 0
            ? new(428, ApiErrorKind.Conflict, "send If-Match with the ETag of what you read")
            : Check(request, tag, what);

    /// <summary>The same where the header may be left out.</summary>
    public static ApiError? Check(ApiRequest request, string tag, string what)
    {
        var given = request.Http.Request.Headers.IfMatch;
        return given.Count == 0
            || (EntityTagHeaderValue.TryParseStrictList(given, out var tags)
                && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || (!one.IsWeak && one.Tag == tag)))
            ? null
            : new(412, ApiErrorKind.Conflict, $"the {what} was changed since you read it; read it again");
    }
}
