using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// Answers a repeated call from the record before it authenticates: the answer opens only with the same bearer and key, and the command
/// may have killed the bearer.
/// </summary>
internal sealed class IdempotencyFilter(IGrainFactory grains, RateLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<MintingRoute>() is not { } route || !http.Request.Headers.ContainsKey(IdempotentCall.Header))
        {
            return await next(context);
        }

        if (http.PresentedBearer() is not var (bearer, _) || limits.TooManyFailures(http.Connection.RemoteIpAddress) is not null)
        {
            return await next(context);
        }

        var (read, problem) = await IdempotentCall.Read(http, bearer);
        if (read is not { } call)
        {
            return ProblemResults.Invalid(http, IdempotentCall.Header, "header", problem!);
        }

        http.Features.Set(call);
        if (TargetOf(http, route, call) is { } id)
        {
            var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).GetIdempotentAnswer(call.Name, call.Request);
            if (answer.Refusal == TokenRefusal.IdempotencyConflict)
            {
                return TokenRefusals.IdempotencyConflict(http);
            }

            if (answer is { Refusal: null, Sealed: not null })
            {
                return TokenAnswers.Minted(http, answer, minted: null);
            }
        }

        return await next(context);
    }

    private static TokenId? TargetOf(HttpContext http, MintingRoute route, IdempotentCall call) =>
        route.Creates ? call.DerivedId
        : TokenId.TryParse(http.Request.RouteValues["refreshTokenId"] as string, out var id) ? id
        : null;
}
