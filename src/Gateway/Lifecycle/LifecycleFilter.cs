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
    private const string LineTypes = "the body must be application/x-ndjson, a JSON object a line";

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
        // A tool of the MCP server asks with the bearer that was verified at /mcp. Nothing that a client sends brings
        // one.
        if (!request.HasBearer
            && await authenticator.Authenticate(request, limited: true) is { IsAdmitted: false } authentication)
        {
            return authentication.ToError();
        }

        if (request.Policy.Permission is { } permission && !request.Bearer.May(permission))
        {
            return ApiError.Forbidden($"the bearer does not have the permission {permission}");
        }

        if (request.Http.GetEndpoint()?.Metadata.GetMetadata<WholeGrant>() is not null
            && request.Policy.Permission is { } whole
            && !request.Bearer.Caller.Grant.IsWholeIn(request.Bearer.Organization, whole))
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
        if (UnknownParameter(request.Http) is { } unknown)
        {
            return ApiError.Invalid([new RequestError(unknown, "query", "is not taken here")]);
        }

        var ofLines = request.Http.GetEndpoint()?.Metadata.GetMetadata<BodyOfLines>() is not null;
        return (await request.Body()).Length > 0 && !IsTaken(request.Http.Request.ContentType, ofLines)
            ? new ApiError(
                StatusCodes.Status415UnsupportedMediaType, ApiErrorKind.Invalid, ofLines ? LineTypes : JsonTypes)
            : await RequestParts.Unexpected(context, request) ?? await RequestParts.Read(context, request);
    }

    /// <summary>What is passed over is taken for heard: a list without its filter, a change in place of a
    /// preview.</summary>
    private static string? UnknownParameter(HttpContext http)
    {
        if (!http.Request.QueryString.HasValue)
        {
            return null;
        }

        var known = http.GetEndpoint()?.Metadata.GetOrderedMetadata<IQueryMetadata>() ?? [];
        return http.Request.Query.Keys.FirstOrDefault(name => !known.Any(
            query => query.Parameters.Any(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase))));
    }

    private static bool IsTaken(string? type, bool ofLines) => type?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/x-ndjson" or "application/jsonl" => ofLines,
        "application/json" or "application/merge-patch+json" => !ofLines,
        _ => false,
    };
}

/// <summary>Marks routes whose body is JSON by lines.</summary>
internal sealed record BodyOfLines;

/// <summary>Marks routes for bearers that are not narrowed within their organization.</summary>
internal sealed record WholeGrant;
