using TokenActors.Domain.Secrets;
using TokenActors.Gateway.Http;

namespace TokenActors.Gateway.Management;

/// <summary>The errors of the Management API: <see cref="Problem"/> as <c>application/json</c>.</summary>
internal static class Problems
{
    internal const string TypePrefix = "urn:tokenactors:problem:";

    /// <param name="status">the HTTP status</param>
    /// <param name="type">what went wrong, in a few words joined by hyphens</param>
    /// <param name="message">for the client's developer</param>
    /// <param name="detail">more of it</param>
    /// <param name="context">where to look</param>
    /// <param name="cause">everything that is wrong, where that is more than one thing</param>
    public static ProblemResult Of(
        int status, string type, string message, string? detail = null, ProblemContext? context = null, IReadOnlyList<ProblemCause>? cause = null) =>
        new(status, TypePrefix + type, message) { Detail = detail, Context = context, Cause = cause };

    /// <summary>400 that points at the first error and lists all.</summary>
    public static ProblemResult Invalid(IReadOnlyList<RequestError> errors) => Of(
        StatusCodes.Status400BadRequest, "invalid-request", $"{Name(errors[0])} {errors[0].Message}",
        context: ProblemContext.Of(errors[0]),
        cause: [.. errors.Select(error => new ProblemCause(
            $"{Name(error)} {error.Message}", TypePrefix + "invalid-parameter", ProblemContext.Of(error)))]);

    public static ProblemResult Invalid(string id, string location, string message) =>
        Invalid([new RequestError(id, location, message)]);

    /// <summary>A body of another type than JSON.</summary>
    public static ProblemResult UnsupportedMediaType() =>
        Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body must be application/json.");

    /// <summary>One body for a missing, malformed, unknown, expired, revoked and wrong-kind bearer.</summary>
    public static ProblemResult Unauthorized(
        string type = "unauthorized", string message = "The credentials are missing, unknown or no longer valid.") =>
        new(StatusCodes.Status401Unauthorized, TypePrefix + type, message) { Challenge = "Bearer" };

    public static ProblemResult Forbidden(string permission) =>
        Of(StatusCodes.Status403Forbidden, "permission-missing", $"The token does not have the permission {permission}.");

    /// <summary>Asking for more than one has, or for power over what may do more than oneself.</summary>
    public static ProblemResult OutsideAddresses() =>
        Of(StatusCodes.Status403Forbidden, "outside-addresses", "The token may not be used from this address.");

    public static ProblemResult TooMuch(IReadOnlyCollection<string> tooMuch) => Of(
        StatusCodes.Status403Forbidden, "beyond-grant", "This would give more than the token itself may do.",
        tooMuch.Count == 0 ? null : "Too much: " + string.Join(", ", tooMuch));

    public static ProblemResult OrganizationDisabled() =>
        Of(StatusCodes.Status402PaymentRequired, "organization-disabled", "The organization is disabled.");

    /// <summary>Unknown and foreign ids look alike.</summary>
    public static ProblemResult NotFound(string kind, string id) => Of(
        StatusCodes.Status404NotFound, "not-found", $"There is no such {kind}.",
        context: id.Length <= 128
            ? new ProblemContext(Resources: [new ResourceReference(kind, SecretScan.Mask(id), "affected")])
            : null);

    public static ProblemResult Conflict(string type, string message, string? resourceType = null, string? resourceId = null) => Of(
        StatusCodes.Status409Conflict, type, message,
        context: string.IsNullOrEmpty(resourceId) || resourceType is null
            ? null
            : new ProblemContext(Resources: [new ResourceReference(resourceType, resourceId, "cause")]));

    public static ProblemResult TooManyRequests(TimeSpan wait) =>
        new(StatusCodes.Status429TooManyRequests, TypePrefix + "too-many-requests", "Too many requests; try again later.") { RetryAfter = wait };

    private static string Name(RequestError error) => error.Id.Length == 0 ? "The body" : error.Id;
}

/// <summary>An error of the Management API. When it occurred and in which request is filled in as it is sent.</summary>
internal sealed class ProblemResult(int status, string type, string message) : Refusal(status)
{
    public string? Detail { get; init; }

    public ProblemContext? Context { get; init; }

    public IReadOnlyList<ProblemCause>? Cause { get; init; }

    protected override Task Write(HttpContext http)
    {
        http.Response.StatusCode = Status;
        var problem = new Problem
        {
            Message = message,
            Detail = Detail,
            Context = Context,
            Type = type,
            OccurredAt = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow(),
            Status = Status,
            Instance = "urn:tokenactors:request:" + http.TraceIdentifier,
            Cause = Cause,
        };
        return http.Response.WriteAsJsonAsync(
            problem, ProblemJson.Wire.Problem, "application/json", http.RequestAborted);
    }
}
