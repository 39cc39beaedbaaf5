using System.Globalization;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Gateway.Facades;

/// <summary>
/// Before every handler of a facade: the answer to a repeated call, else the bearer. A call that mints is one that may
/// be repeated: under its <c>Idempotency-Key</c>; without one, and on a token that is there, where the client says that
/// it is a retry (<c>X-Stainless-Retry-Count</c>, which Cloudflare's clients send), or where the secret that it
/// presents died by that very call. Two creates that are alike are two tokens: nothing tells a retry of one from a
/// retry of the other.
/// </summary>
internal sealed class FacadeFilter<TFacade>(
    TFacade facade, Authenticator authenticator, RateLimits limits, RefusalAudit audit, IGrainFactory grains) : IEndpointFilter
    where TFacade : Facade
{
    private const string RetryCount = "X-Stainless-Retry-Count";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var result = await Admit(request) ?? await next(context);
        await audit.Note(request, result);
        return result;
    }

    /// <summary>Null where the handler may go on, else what is answered in its place.</summary>
    private async ValueTask<IResult?> Admit(ApiRequest request)
    {
        var presented = facade.Presented(request.Http);
        var route = request.Http.GetEndpoint()?.Metadata.GetMetadata<MintingRoute>();
        if (route is not null && presented is var (secret, _))
        {
            if (await IdempotentCall.Read(request, secret, implicitly: !route.Creates, isRetry: IsRetry(request)) is { } problem)
            {
                return facade.Error(ApiError.Invalid(problem.Message, problem.Id));
            }

            if (request.Idempotent is { Fresh: false } call && presented is var (_, own)
                && IsOnItself(request, presented, route)
                && await GetIdempotentAnswer(request, call, route, own) is { } again)
            {
                return again;
            }
        }

        var authentication = await authenticator.Authenticate(request, presented, facade.Accepts, limited: true);
        if (!authentication.IsAdmitted)
        {
            if (authentication.Failure == AuthenticationFailure.TooManyRequests)
            {
                facade.NoteLimit(request.Http, authentication.Wait);
            }

            return authentication.Failure == AuthenticationFailure.Unauthorized
                && await AnswerToDead(request, presented, route) is { } again
                ? again
                : facade.Error(authentication.ToError());
        }

        if (!IsWhole(request))
        {
            return facade.Error(
                ApiError.Forbidden("the bearer is narrowed within the organization, and tokens of this API are not"));
        }

        return request.Http.GetEndpoint()?.Metadata.GetMetadata<RoutePolicy>()?.Permission is { } permission
            && !request.Bearer.May(permission)
            ? facade.Error(ApiError.Forbidden($"the bearer does not have the permission {permission}"))
            : null;
    }

    /// <summary>
    /// What a token of another API opens is what that API makes of it. So only what a bearer may do in the whole
    /// organization counts here; who is narrowed may look at itself.
    /// </summary>
    private bool IsWhole(ApiRequest request)
    {
        var (caller, organization) = (request.Bearer.Caller, request.Bearer.Organization);
        if (caller.Grant.IsNarrowedIn(organization))
        {
            return HttpMethods.IsGet(request.Http.Request.Method) && facade.IdOf(request) == caller.TokenId;
        }

        request.Bearer = request.Bearer with { Caller = caller with { Grant = caller.Grant.WholeIn(organization) } };
        return true;
    }

    /// <summary>
    /// Before it authenticates, a token is given the answer to a call on itself only, which may have killed it. Any
    /// other repeated call is answered by the token's grain, once the bearer is known to live.
    /// </summary>
    private bool IsOnItself(ApiRequest request, (Secret Secret, TokenId Id)? presented, MintingRoute route) =>
        !route.Creates && presented?.Id is { } own && own == facade.IdOf(request);

    private async ValueTask<IResult?> GetIdempotentAnswer(
        ApiRequest request, IdempotentCall call, MintingRoute route, TokenId id)
    {
        if (limits.TooManyFailures(request.Http.Connection.RemoteIpAddress) is not null)
        {
            // The bearer is asked for next, and refused for the failures before it.
            return null;
        }

        var answer = await grains.GetGrain<IRefreshTokenGrain>(id.ToString())
            .GetIdempotentAnswer(call.Name, call.Request);
        return answer.Refusal switch
        {
            TokenRefusal.IdempotencyConflict => facade.Error(ApiError.Of(TokenRefusal.IdempotencyConflict)),
            null when answer.Sealed is not null => facade.Answer(request, answer, minted: null, route.Show),
            _ => null,
        };
    }

    /// <summary>
    /// A token that reset itself, and whose answer was lost, presents the dead secret once more: it is given its
    /// successor.
    /// </summary>
    private async ValueTask<IResult?> AnswerToDead(
        ApiRequest request, (Secret Secret, TokenId Id)? presented, MintingRoute? route) =>
        route is not null && presented is var (_, own) && IsOnItself(request, presented, route)
            && request.Idempotent is { IsImplicit: true } call
            ? await GetIdempotentAnswer(request, call, route, own)
            : null;

    private static bool IsRetry(ApiRequest request) =>
        int.TryParse(request.Http.Request.Headers[RetryCount], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0;
}

/// <summary>
/// After a facade's filters: reads what the handler binds. Clients of facades send bodies of any content type.
/// </summary>
internal sealed class FacadeRequestFilter<TFacade>(TFacade facade) : IEndpointFilter
    where TFacade : Facade
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        return (await RequestParts.Unexpected(context, request) ?? await RequestParts.Read(context, request)) is { } error
            ? facade.Error(error)
            : await next(context);
    }
}
