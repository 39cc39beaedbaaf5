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
        var request = ApiRequest.Of(context.HttpContext);
        return request.Http.GetEndpoint()?.Metadata.GetMetadata<MintingRoute>() is { } route
            && request.Http.PresentedBearer() is var (bearer, _) && limits.TooManyFailures(request.Http.Connection.RemoteIpAddress) is null
            && await Repeat(request, route, bearer) is { } answer
                ? answer
                : await next(context);
    }

    /// <summary>The answer to a call that is a repetition, or that has a key which cannot be used; null for any other.</summary>
    private async ValueTask<IResult?> Repeat(ApiRequest request, MintingRoute route, Domain.Secrets.Secret bearer)
    {
        if (await IdempotentCall.Read(request, bearer) is { } error)
        {
            return Problems.Invalid([error]);
        }

        if (request.Idempotent is not { } call || TargetOf(request, route, call) is not { } id)
        {
            return null;
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).GetIdempotentAnswer(call.Name, call.Request);
        if (answer.Refusal == TokenRefusal.IdempotencyConflict)
        {
            return TokenRefusals.IdempotencyConflict();
        }

        return answer is { Refusal: null, Sealed: not null } ? TokenAnswers.Minted(request, answer, minted: null, route.Show) : null;
    }

    private static TokenId? TargetOf(ApiRequest request, MintingRoute route, IdempotentCall call)
    {
        if (route.Creates)
        {
            return call.DerivedId;
        }

        return TokenId.TryParse(request.Path("refreshTokenId"), out var id) ? id : null;
    }
}
