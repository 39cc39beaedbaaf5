using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.OpenApi;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Revocations;

/// <summary>
/// <c>GET /lifecycle/v1/revocations</c>: a stream of server-sent events that names tokens which were ended or narrowed,
/// so that a resource server may keep what an introspection said.
/// </summary>
internal static class RevocationRoutes
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>As the usual substitutes of a browser's EventSource send it, which alone can send a bearer.</summary>
    private const string LastEventIdInQuery = "lastEventId";

    public static void MapRevocations(this RouteGroupBuilder lifecycle) =>
        lifecycle.MapGet("/revocations", Follow).Needs("tokens:get").WithMetadata(new WholeGrant())
            .WithName("tokens_revocations").WithTags("tokens")
            .WithSummary("Follow, as server-sent events, which tokens were ended or narrowed").Also(
                StatusCodes.Status406NotAcceptable)
            .Asks("cursor", JsonSchemaType.String, "id of the last event that was read; also as header Last-Event-ID")
            .Asks(LastEventIdInQuery, JsonSchemaType.String, "the same, as clients send it that can set no header");

    private static Results<RevocationStream, Refusal> Follow(
        ApiRequest request, LifecycleApi api, RevocationFollowers followers, TokenGrains tokens, StreamLimit streams)
    {
        if (request.Http.Request.GetTypedHeaders().Accept is { Count: > 0 } accepted
            && !accepted.Any(range => range.MatchesMediaType(RevocationStream.ContentType)))
        {
            return api.Error(new(406, ApiErrorKind.Invalid, $"send Accept: {RevocationStream.ContentType}"));
        }

        if (!streams.TryEnter(request.Bearer.Caller.TokenId))
        {
            return api.Error(ApiError.TooManyRequests(TimeSpan.FromSeconds(1)) with
            {
                Message = $"the token has {StreamLimit.MostOfToken} streams open already",
            });
        }

        var query = request.Http.Request.Query;
        var cursor = request.Http.Request.Headers[LastEventId].FirstOrDefault()
            ?? query[LastEventIdInQuery].FirstOrDefault() ?? query["cursor"].FirstOrDefault();
        return new RevocationStream(request, cursor, followers, tokens, streams);
    }
}
