using Microsoft.Net.Http.Headers;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle;

/// <summary>What <c>If-Match</c> says of a change.</summary>
internal static class Preconditions
{
    public static bool IsGiven(ApiRequest request) => request.Http.Request.Headers.IfMatch.Count > 0;

    /// <summary>Whether one of the given tags is strong and the present one, or any is.</summary>
    public static bool Holds(ApiRequest request, string tag) =>
        EntityTagHeaderValue.TryParseStrictList(request.Http.Request.Headers.IfMatch, out var tags)
        && tags.Any(one => one.Equals(EntityTagHeaderValue.Any) || (!one.IsWeak && one.Tag == tag));

    public static readonly ApiError Required =
        new(StatusCodes.Status428PreconditionRequired, ApiErrorKind.Conflict, "send If-Match with the ETag of what you read");

    public static ApiError Failed(string what) => new(
        StatusCodes.Status412PreconditionFailed, ApiErrorKind.Conflict, $"the {what} was changed since you read it; read it again");
}
