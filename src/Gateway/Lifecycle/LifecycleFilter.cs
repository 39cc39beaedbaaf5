using TokenActors.Domain.Grants;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Lifecycle;

/// <summary>
/// Before every handler: the bearer and what the route <c>Needs</c>, the idempotency key of a change, and what the
/// handler binds. Notes what is refused in the audit trail.
/// </summary>
internal sealed class LifecycleFilter(LifecycleApi api, Authenticator authenticator, RefusalAudit audit) : IEndpointFilter
{
    private const string JsonTypes = "the body must be application/json or application/merge-patch+json";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = ApiRequest.Of(context.HttpContext);
        var result = (await Admit(request) ?? await Read(context, request)) is { } error
            ? api.Error(error)
            : await next(context);
        await audit.Note(request, result);
        return result;
    }

    private async ValueTask<ApiError?> Admit(ApiRequest request)
    {
        // A tool of the MCP server asks with the bearer that was verified at /mcp. Nothing that a client sends brings one.
        if (!request.HasBearer && await authenticator.Authenticate(request, limited: true) is { IsAdmitted: false } authentication)
        {
            return authentication.ToError();
        }

        if (request.Policy.Permission is { } permission && !request.Bearer.May(permission))
        {
            return ApiError.Forbidden($"the bearer does not have the permission {permission}");
        }

        if (request.Http.GetEndpoint()?.Metadata.GetMetadata<WholeGrant>() is not null
            && request.Policy.Permission is { } whole
            && !request.Bearer.Caller.Grant.IsWholeIn(request.Bearer.OrganizationId.ToString(), whole))
        {
            return ApiError.Forbidden("the bearer is narrowed within the organization, and this concerns all of it");
        }

        return !HttpMethods.IsGet(request.Http.Request.Method)
            && await IdempotentCall.Read(request, request.Bearer.Secret) is { } problem
                ? ApiError.Invalid([problem])
                : null;
    }

    private static async ValueTask<ApiError?> Read(EndpointFilterInvocationContext context, ApiRequest request)
    {
        var type = request.Http.Request.ContentType;
        return (await request.Body()).Length > 0 && !IsJson(type)
            ? new ApiError(StatusCodes.Status415UnsupportedMediaType, ApiErrorKind.Invalid, JsonTypes)
            : await RequestParts.Read(context, request);
    }

    private static bool IsJson(string? type) =>
        type?.Split(';')[0].Trim().ToLowerInvariant() is "application/json" or "application/merge-patch+json";
}

/// <summary>Marks routes for bearers that are not narrowed within their organization.</summary>
internal sealed record WholeGrant;
