using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>Every refusal of a resource's grain as the Management API answers it.</summary>
internal static class ResourceRefusals
{
    /// <param name="http">the request</param>
    /// <param name="refusal">what the grain said</param>
    /// <param name="type">kind of resource, as the wire names it</param>
    /// <param name="id">id or name in the request</param>
    /// <param name="details">what the grain added</param>
    public static IResult ToProblem(HttpContext http, ResourceRefusal refusal, string type, string id, IReadOnlyList<string>? details = null) => refusal switch
    {
        ResourceRefusal.NotFound => ProblemResults.NotFound(http, type, id),
        ResourceRefusal.Forbidden => ProblemResults.Of(http, StatusCodes.Status403Forbidden, "permission-missing", $"The token may not do this to this {type}."),
        ResourceRefusal.BeyondGrant => ProblemResults.TooMuch(http, details ?? []),
        ResourceRefusal.NameTaken => ProblemResults.Conflict(http, "name-taken", $"There is a {type} of this name.", type, id),
        ResourceRefusal.IdTaken => ProblemResults.Conflict(
            http, "idempotency-key-used", "The idempotency key made something before, and its answer is not kept any more.", type, id),
        ResourceRefusal.IdempotencyConflict => ProblemResults.Conflict(http, "idempotency-key-reused", "The idempotency key was used for another request."),
        ResourceRefusal.OwnerGone => ProblemResults.Conflict(http, "owner-gone", $"What the {type} belongs to is being deleted."),
        ResourceRefusal.ChangedMeanwhile => ProblemResults.Conflict(http, "changed-meanwhile", $"The {type} was changed meanwhile; read it again.", type, id),
        ResourceRefusal.Managed => ProblemResults.Conflict(http, "managed", $"The {type} belongs to another resource and follows it.", type, id),
        ResourceRefusal.LastAdministrator => ProblemResults.Conflict(
            http, "last-administrator", "The last member who can administer the organization stays one.", type, id),
        ResourceRefusal.InvalidReference => ProblemResults.Invalid(
            http, details is [var pointer, ..] && pointer.StartsWith('/') ? pointer : "", "body", details is [var first, ..] && !first.StartsWith('/') ? first : "does not exist"),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
