using System.Globalization;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>Answers errors as <see cref="Problem"/>, <c>application/json</c>, never cached.</summary>
internal static class ProblemResults
{
    private const string TypePrefix = "urn:tokenactors:problem:";

    public static IResult Of(
        HttpContext http, int status, string type, string message, string? detail = null, ProblemContext? context = null,
        IReadOnlyList<ProblemCause>? cause = null)
    {
        http.Response.Headers.CacheControl = "no-store";
        var problem = new Problem
        {
            Message = message,
            Detail = detail,
            Context = context,
            Type = TypePrefix + type,
            OccurredAt = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            Status = status,
            Instance = "urn:tokenactors:request:" + http.TraceIdentifier,
            Cause = cause,
        };
        return TypedResults.Json(problem, ProblemJson.Wire.Problem, contentType: "application/json", statusCode: status);
    }

    /// <summary>400 that points at the first error and lists all.</summary>
    public static IResult Invalid(HttpContext http, IReadOnlyList<RequestError> errors) => Of(
        http, StatusCodes.Status400BadRequest, "invalid-request", $"{Name(errors[0])} {errors[0].Message}",
        context: ProblemContext.Of(errors[0]),
        cause: [.. errors.Select(error => new ProblemCause($"{Name(error)} {error.Message}", TypePrefix + "invalid-parameter", ProblemContext.Of(error)))]);

    public static IResult Invalid(HttpContext http, string id, string location, string message) =>
        Invalid(http, [new RequestError(id, location, message)]);

    /// <summary>One body for a missing, malformed, unknown, expired, revoked and wrong-kind bearer.</summary>
    public static IResult Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Of(http, StatusCodes.Status401Unauthorized, "unauthorized", "The credentials are missing, unknown or no longer valid.");
    }

    public static IResult Forbidden(HttpContext http, string permission) => Of(
        http, StatusCodes.Status403Forbidden, "permission-missing", $"The token does not have the permission {permission}.");

    /// <summary>Asking for more than one has, or for power over what may do more than oneself.</summary>
    public static IResult TooMuch(HttpContext http, IReadOnlyCollection<string> tooMuch) => Of(
        http, StatusCodes.Status403Forbidden, "beyond-grant", "This would give more than the token itself may do.",
        tooMuch.Count == 0 ? null : "Too much: " + string.Join(", ", tooMuch));

    public static IResult OrganizationDisabled(HttpContext http) =>
        Of(http, StatusCodes.Status402PaymentRequired, "organization-disabled", "The organization is disabled.");

    /// <summary>Unknown and foreign ids look alike.</summary>
    public static IResult NotFound(HttpContext http, string kind, string id) => Of(
        http, StatusCodes.Status404NotFound, "not-found", $"There is no such {kind}.",
        context: id.Length <= 128 ? new ProblemContext(Resources: [new ResourceReference(kind, id, "affected")]) : null);

    public static IResult Conflict(HttpContext http, string type, string message, string? resourceType = null, string? resourceId = null) => Of(
        http, StatusCodes.Status409Conflict, type, message,
        context: string.IsNullOrEmpty(resourceId) || resourceType is null ? null : new ProblemContext(Resources: [new ResourceReference(resourceType, resourceId, "cause")]));

    public static IResult TooManyRequests(HttpContext http, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = Seconds(retryAfter);
        return Of(http, StatusCodes.Status429TooManyRequests, "too-many-requests", "Too many requests; try again later.");
    }

    private static string Seconds(TimeSpan span) =>
        Math.Max(1, (int)Math.Ceiling(span.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static string Name(RequestError error) => error.Id.Length == 0 ? "The body" : error.Id;
}
