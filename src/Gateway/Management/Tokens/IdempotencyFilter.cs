using TokenActors.Domain.Identity;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Management.Tokens;

/// <summary>
/// Reads the idempotency key of a call that mints, and answers a token's repeated call on itself from the record before
/// it authenticates: the command may have killed the bearer. A repeated call on another token is answered by that
/// token's grain once the bearer is known to live.
/// </summary>
internal sealed class IdempotencyFilter(IGrainFactory grains, RateLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        if (request.Http.GetEndpoint()?.Metadata.GetMetadata<MintingRoute>() is not { } route
            || request.Presented is not var (secret, own))
        {
            return await next(context);
        }

        if (await IdempotentCall.Read(request, secret) is { } error)
        {
            return Problems.Invalid([error]);
        }

        return request.Idempotent is { } call && !route.Creates
            && TokenId.TryParse(request.Path("refreshTokenId"), out var id) && id == own
            && limits.TooManyFailures(request.Http.Connection.RemoteIpAddress) is null
            && await GetAnswer(request, route, call, id) is { } answer
                ? answer
                : await next(context);
    }

    /// <summary>The answer that was given before; null for a call that is none.</summary>
    private async ValueTask<IResult?> GetAnswer(ApiRequest request, MintingRoute route, IdempotentCall call, TokenId id)
    {
        var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString())
            .GetIdempotentAnswer(call.Name, call.Request);
        if (answer.Refusal == TokenRefusal.IdempotencyConflict)
        {
            return TokenRefusals.IdempotencyConflict();
        }

        return answer is { Refusal: null, Sealed: not null }
            ? TokenAnswers.Minted(request, answer, minted: null, route.Show)
            : null;
    }
}
