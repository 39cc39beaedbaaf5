using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Previews;

/// <summary>
/// Reads <c>dry_run</c> once the route is known. A route that cannot be previewed refuses it, also with <c>false</c>,
/// so that nobody changes what they meant to look at.
/// </summary>
/// <param name="next">the rest of the pipeline</param>
/// <param name="apis">whose a path is</param>
internal sealed class DryRunParameter(RequestDelegate next, IEnumerable<Api> apis)
{
    private readonly Api[] _apis = [.. apis];

    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.QueryString.HasValue || http.GetEndpoint() is not { } route)
        {
            return next(http);
        }

        if (!HttpMethods.IsGet(http.Request.Method) && http.Request.Query.Keys.Any(IsSlip))
        {
            return Refuse(http, "is written so and not otherwise");
        }

        if (!http.Request.Query.TryGetValue(PreviewedRoute.Parameter, out var given))
        {
            return next(http);
        }

        if (route.Metadata.GetMetadata<PreviewedRoute>() is null)
        {
            return Refuse(http, "is not taken here: this call cannot be previewed");
        }

        if (given is not ["true" or "false"])
        {
            return Refuse(http, "must be given once, as true or false");
        }

        ApiRequest.Of(http).IsPreview = given == "true";
        return next(http);
    }

    /// <summary>
    /// Called almost as the parameter is: whoever wrote it wants to look, and would see it done.
    /// </summary>
    private static bool IsSlip(string name) =>
        !name.Equals(PreviewedRoute.Parameter, StringComparison.OrdinalIgnoreCase)
        && string.Concat(name.Where(char.IsAsciiLetter)).Equals("dryrun", StringComparison.OrdinalIgnoreCase);

    private Task Refuse(HttpContext http, string message)
    {
        var error = ApiError.Invalid([new RequestError(PreviewedRoute.Parameter, "query", message)]);
        return _apis.First(api => api.Owns(http.Request.Path)).Error(error).ExecuteAsync(http);
    }
}
