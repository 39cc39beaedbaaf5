using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>Lets a request of the Management API in, or says why not.</summary>
internal sealed class ManagementBearer(Authenticator authenticator, GatewayOptions options)
{
    /// <summary>Authenticates; null, or what to answer.</summary>
    /// <param name="request">gets the bearer</param>
    /// <param name="policy">what the bearer needs</param>
    public async ValueTask<Refusal?> Require(ApiRequest request, RoutePolicy policy)
    {
        var authentication = await authenticator.Authenticate(request, limited: true, policy.ChangesPassword);
        if (!authentication.IsAdmitted)
        {
            return ToProblem(authentication);
        }

        var bearer = authentication.Bearer;
        if (IsFromBrowser(request.Http) && bearer.Token.PermissionSet != PermissionSets.ConnectUi)
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden, "not-for-browsers", $"Only tokens of the permission set {PermissionSets.ConnectUi} may be used by a page.");
        }

        return policy.Permission is not { } permission || bearer.May(permission)
            ? null
            : Problems.Forbidden(permission);
    }

    /// <summary>Why a request has no bearer that may go on.</summary>
    public static Refusal ToProblem(Authentication authentication) => authentication.Failure switch
    {
        AuthenticationFailure.Unauthorized => Problems.Unauthorized(),
        AuthenticationFailure.OrganizationDisabled => Problems.OrganizationDisabled(),
        AuthenticationFailure.OutsideAddresses => Problems.OutsideAddresses(),
        _ => Problems.TooManyRequests(authentication.Wait),
    };

    /// <summary>A page of a configured origin asks; what it holds, its user can read.</summary>
    private bool IsFromBrowser(HttpContext http) =>
        http.Request.Headers.Origin is [{ } origin] && options.BrowserOrigins.Contains(origin);
}

/// <summary>
/// Before every handler of a group: <see cref="ManagementBearer.Require"/> with what the route <c>Needs</c>, then the
/// idempotency key where the route takes one. Notes what is refused in the audit trail.
/// </summary>
internal sealed class BearerFilter(ManagementBearer bearer, RefusalAudit audit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var result = await bearer.Require(request, request.Policy) ?? await KeyOf(request)
            ?? await next(context);
        await audit.Note(request, result);
        return result;
    }

    private static async ValueTask<Refusal?> KeyOf(ApiRequest request) =>
        request.Http.GetEndpoint()?.Metadata.GetMetadata<IdempotentRoute>() is not null
        && await IdempotentCall.Read(request, request.Bearer.Secret) is { } error
            ? Problems.Invalid([error])
            : null;
}

/// <summary>
/// Before every handler, after the bearer: reads what the handler binds, which is a JSON object, a patch or the
/// parameters of a list.
/// </summary>
internal sealed class RequestFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var binds = context.Arguments.Any(argument => argument is IRequestPart and not IListQuery);
        if (binds && !request.Http.Request.HasJsonContentType() && (await request.Body()).Length > 0)
        {
            return Problems.UnsupportedMediaType();
        }

        return (await RequestParts.Unexpected(context, request) ?? await RequestParts.Read(context, request)) is { } error
            ? Problems.Invalid(error.Details)
            : await next(context);
    }
}
