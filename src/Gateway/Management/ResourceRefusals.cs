using TokenActors.Gateway.Http;
using TokenActors.Grains.Abstractions.ResourceModel;

namespace TokenActors.Gateway.Management;

/// <summary>Every refusal of a resource's grain as the Management API answers it.</summary>
internal static class ResourceRefusals
{
    /// <param name="refusal">what the grain said</param>
    /// <param name="type">kind of resource, as the wire names it</param>
    /// <param name="id">id or name in the request</param>
    /// <param name="details">what the grain added</param>
    public static Refusal ToProblem(ResourceRefusal refusal, string type, string id, IReadOnlyList<string>? details = null) => refusal switch
    {
        ResourceRefusal.NotFound => Problems.NotFound(type, id),
        ResourceRefusal.Forbidden => Problems.Of(
            StatusCodes.Status403Forbidden, "permission-missing", $"The token may not do this to this {type}."),
        ResourceRefusal.BeyondGrant => Problems.TooMuch(details ?? []),
        ResourceRefusal.NameTaken => NameTaken(type, id),
        ResourceRefusal.IdTaken => Problems.Conflict(
            "idempotency-key-used", "The idempotency key made something before, and its answer is not kept any more.", type, id),
        ResourceRefusal.IdempotencyConflict => Problems.Conflict(
            "idempotency-key-reused", "The idempotency key was used for another request."),
        ResourceRefusal.OwnerGone => Problems.Conflict("owner-gone", $"What the {type} belongs to is being deleted."),
        ResourceRefusal.ChangedMeanwhile => Problems.Conflict(
            "changed-meanwhile", $"The {type} was changed meanwhile; read it again.", type, id),
        ResourceRefusal.Managed => Problems.Conflict(
            "managed", $"The {type} belongs to another resource and follows it.", type, id),
        ResourceRefusal.LastAdministrator => Problems.Conflict(
            "last-administrator", "The last member who can administer the organization stays one.", type, id),
        ResourceRefusal.TooManyItems => Problems.Invalid("/role_binding", "body", "has more items than it may have"),
        ResourceRefusal.UpgradePending => Problems.Conflict(
            "upgrade-pending", $"A silo of the cluster does not know all of this {type} yet; try again after the upgrade."),
        ResourceRefusal.InvalidReference => InvalidReference(details),
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };

    public static Refusal NameTaken(string type, string name) =>
        Problems.Conflict(
            "name-taken", $"There is {(type[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a")} {type} of this name.",
            type, name);

    /// <summary>The first detail is a JSON Pointer to the reference, or what is wrong with it.</summary>
    private static ProblemResult InvalidReference(IReadOnlyList<string>? details) => details switch
    {
        [['/', ..] pointer, ..] => Problems.Invalid(pointer, "body", "does not exist"),
        [var message, ..] => Problems.Invalid("", "body", message),
        _ => Problems.Invalid("", "body", "does not exist"),
    };
}
