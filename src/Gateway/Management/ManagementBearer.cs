using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>Lets a request of the Management API in, or says why not.</summary>
internal sealed class ManagementBearer(Authenticator authenticator, GatewayOptions options)
{
    /// <summary>Authenticates; null, or the Problem to answer.</summary>
    /// <param name="http">the request</param>
    /// <param name="permission">the action that the bearer needs; null where any may go on</param>
    public async ValueTask<IResult?> Require(HttpContext http, string? permission)
    {
        var (bearer, failure, wait) = await authenticator.Authenticate(http, limited: true);
        return failure switch
        {
            AuthenticationFailure.Unauthorized => ProblemResults.Unauthorized(http),
            AuthenticationFailure.OrganizationDisabled => ProblemResults.OrganizationDisabled(http),
            AuthenticationFailure.TooManyFailures or AuthenticationFailure.TooManyRequests => ProblemResults.TooManyRequests(http, wait),
            _ when IsFromBrowser(http) && bearer!.Token.PermissionSet != PermissionSets.ConnectUi => ProblemResults.Of(
                http, StatusCodes.Status403Forbidden, "not-for-browsers", $"Only tokens of the permission set {PermissionSets.ConnectUi} may be used by a page."),
            _ => permission is null || bearer!.May(permission) ? null : ProblemResults.Forbidden(http, permission),
        };
    }

    /// <summary>A page of a configured origin asks; what it holds, its user can read.</summary>
    private bool IsFromBrowser(HttpContext http) => http.Request.Headers.Origin is [{ } origin] && options.BrowserOrigins.Contains(origin);
}

/// <summary>Puts <see cref="ManagementBearer.Require"/> before every handler of a group, with what the route <c>Needs</c>.</summary>
internal sealed class BearerFilter(ManagementBearer bearer, RefusalAudit audit) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var policy = http.GetEndpoint()?.Metadata.GetMetadata<RoutePolicy>()
            ?? throw new InvalidOperationException($"the route {http.Request.Path} does not say what it needs");
        var result = await bearer.Require(http, policy.Permission) ?? await next(context);
        await audit.Note(http, result);
        return result;
    }
}
