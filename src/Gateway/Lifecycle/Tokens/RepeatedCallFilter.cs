using TokenActors.Domain.Identity;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle.Tokens;

/// <summary>
/// Answers a token's repeated call on itself from the record before it authenticates: the command may have killed the
/// bearer. A repeated call on another token is answered once the bearer is known to live.
/// </summary>
internal sealed class RepeatedCallFilter(LifecycleApi api, TokenCommandRunner runner, RateLimits limits) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        if (HttpMethods.IsGet(request.Http.Request.Method)
            || request.Presented is not var (secret, own)
            || !TokenId.TryParse(request.Path("tokenId"), out var id) || id != own)
        {
            return await next(context);
        }

        if (await IdempotentCall.Read(request, secret) is { } problem)
        {
            return api.Error(ApiError.Invalid([problem]));
        }

        if (limits.TooManyFailures(request.Http.Connection.RemoteIpAddress) is not null
            || await runner.Earlier(request, id) is not { } earlier)
        {
            return await next(context);
        }

        if (!earlier.IsSuccess)
        {
            return earlier.Refusal;
        }

        return HttpMethods.IsDelete(request.Http.Request.Method)
            ? TypedResults.NoContent()
            : runner.Show(request, earlier.Value);
    }
}
