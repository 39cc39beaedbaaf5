using Microsoft.Extensions.Primitives;
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
        if (given.Count == 0)
        {
            return null;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(given, out var tags))
        {
            return Unmet($"the {what} was changed since you read it; read it again");
        }

        if (tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || (!one.IsWeak && one.Tag == tag)))
        {
            return null;
        }

        // Whoever reads it again is given the same tag again.
        return Unmet(tags.Any(one => WithoutSuffix(one.Tag) == tag)
            ? "the tag is not as it was given: a proxy that compresses answers changes it; let it leave those of /lifecycle/v1 alone, or read with Accept-Encoding: identity"
            : $"the {what} was changed since you read it; read it again");
    }

    private static ApiError Unmet(string message) => new(412, ApiErrorKind.Conflict, message);

    /// <summary>Without what Apache adds where it compresses, such as <c>-gzip</c>.</summary>
    private static StringSegment WithoutSuffix(StringSegment tag) =>
        tag.LastIndexOf('-') is > 0 and var dash ? $"{tag.Subsegment(0, dash)}\"" : tag;
}
