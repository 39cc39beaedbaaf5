using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>The body of a request of the Management API: a JSON object under <c>application/json</c>.</summary>
internal static class ManagementBody
{
    /// <summary>
    /// Parses an object; an absent body is <c>{}</c>, whatever its content type. The result holds what is wrong, if anything is.
    /// </summary>
    public static async ValueTask<(JsonFields? Fields, IResult? Problem)> Read(HttpContext http)
    {
        var body = await http.Body();
        if (body.Length > 0 && !http.Request.HasJsonContentType())
        {
            return (null, ProblemResults.Of(
                http, StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body must be application/json."));
        }

        var (fields, error) = RequestBody.Parse(body);
        return (fields, error is null ? null : ProblemResults.Invalid(http, [error]));
    }
}
