using System.Globalization;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Facades;

/// <summary>
/// Before every handler of a facade: the answer to a repeated call, else the bearer. A call that mints is one that may be repeated: under
/// its <c>Idempotency-Key</c>; without one, where the client says that it is a retry (<c>X-Stainless-Retry-Count</c>, which Cloudflare's
/// clients send), or where the secret that it presents died by that very call.
/// </summary>
internal sealed class FacadeFilter<TFacade>(TFacade facade, Authenticator authenticator, RateLimits limits, RefusalAudit audit, IGrainFactory grains)
    : IEndpointFilter
    where TFacade : Facade
{
    private const string RetryCount = "X-Stainless-Retry-Count";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await Answer(context, next);
        await audit.Note(context.HttpContext, result);
        return result;
    }

    private async ValueTask<object?> Answer(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var presented = facade.Presented(http);
        var route = http.GetEndpoint()!.Metadata.GetMetadata<MintingRoute>();
        if (route is not null && presented is var (secret, _))
        {
            var (call, problem) = await IdempotentCall.Read(http, secret, implicitly: !route.Creates, isRetry: IsRetry(http));
            if (problem is not null)
            {
                return facade.Error(http, ApiError.Invalid(problem, IdempotentCall.Header));
            }

            http.Features.Set(call);
            if (call is { Fresh: false } && await GetIdempotentAnswer(http, call, route) is { } again)
            {
                return again;
            }
        }

        var (bearer, failure, wait) = await authenticator.Authenticate(http, presented, facade.Accepts, limited: true);
        if (failure != AuthenticationFailure.None)
        {
            return failure == AuthenticationFailure.Unauthorized && await RecallToDead(http, presented, route) is { } again
                ? again
                : Refused(http, failure, wait);
        }

        return http.GetEndpoint()!.Metadata.GetMetadata<RoutePolicy>()?.Permission is { } permission && !bearer!.May(permission)
            ? facade.Error(http, ApiError.Forbidden($"the bearer does not have the permission {permission}"))
            : await next(context);
    }

    private async ValueTask<IResult?> GetIdempotentAnswer(HttpContext http, IdempotentCall call, MintingRoute route)
    {
        if (limits.TooManyFailures(http.Connection.RemoteIpAddress) is not null || (route.Creates ? facade.NewId(http) : facade.IdOf(http)) is not { } id)
        {
            // The bearer is asked for next, and refused for the failures before it.
            return null;
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString()).GetIdempotentAnswer(call.Name, call.Request);
        return answer.Refusal switch
        {
            TokenRefusal.IdempotencyConflict => facade.Error(http, ApiError.Of(TokenRefusal.IdempotencyConflict)),
            null when answer.Sealed is not null => facade.Answer(http, answer, minted: null, route.Creates),
            _ => null,
        };
    }

    /// <summary>A token that reset itself, and whose answer was lost, presents the dead secret once more: it is given its successor.</summary>
    private async ValueTask<IResult?> RecallToDead(HttpContext http, (Secret Secret, TokenId Id)? presented, MintingRoute? route) =>
        route is { Creates: false } && http.Features.Get<IdempotentCall>() is { IsImplicit: true } call && presented?.Id == facade.IdOf(http)
            ? await GetIdempotentAnswer(http, call, route)
            : null;

    private IResult Refused(HttpContext http, AuthenticationFailure failure, TimeSpan wait)
    {
        switch (failure)
        {
            case AuthenticationFailure.Unauthorized:
                return facade.Error(http, ApiError.Unauthorized);
            case AuthenticationFailure.OrganizationDisabled:
                return facade.Error(http, ApiError.OrganizationDisabled);
            case AuthenticationFailure.TooManyFailures or AuthenticationFailure.TooManyRequests:
                http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return facade.Error(http, ApiError.TooManyRequests);
            default:
                throw new ArgumentOutOfRangeException(nameof(failure), failure, null);
        }
    }

    private static bool IsRetry(HttpContext http) =>
        int.TryParse(http.Request.Headers[RetryCount], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
}
