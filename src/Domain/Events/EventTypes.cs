using System.Collections.Frozen;

namespace TokenActors.Domain.Events;

/// <summary>
/// The types of events that endpoints are sent. Each stands for an entry of the audit trail; entries that are not here
/// are of the service's own housekeeping.
/// </summary>
public static class EventTypes
{
    /// <summary>Sent only to endpoints that name it: there may be one a minute for each token.</summary>
    public const string TokenRefreshed = "token.refreshed";

    public const string WebhookDisabled = "webhook.disabled";

    public const string OperationComplete = "operation.complete";

    /// <summary>What an endpoint is sent to show that it works.</summary>
    public const string WebhookTest = "webhook.test";

    private static readonly FrozenDictionary<string, string> OfAudit = new Dictionary<string, string>
    {
        ["token.issued"] = "token.issued",
        ["token.issued_to_organization"] = "token.issued",
        ["token.imported"] = "token.issued",
        [TokenRefreshed] = TokenRefreshed,
        ["token.rotated"] = "token.rotated",
        ["token.replaced"] = "token.rotated",
        ["token.reset"] = "token.reset",
        ["token.expiring"] = "token.expiring",
        ["token.expired"] = "token.expired",
        ["token.disabled"] = "token.disabled",
        ["token.enabled"] = "token.enabled",
        ["token.deleted"] = "token.deleted",
        ["token.reuse_detected"] = "token.reuse_detected",
        ["token.leaked"] = "token.leaked",
        ["token.limit_reached"] = "token.limit_reached",
        ["account.created"] = "account.created",
        ["account.updated"] = "account.updated",
        ["account.deleted"] = "account.deleted",
        ["integration.created"] = "integration.created",
        ["integration.updated"] = "integration.updated",
        ["integration.deleted"] = "integration.deleted",
        ["member.created"] = "member.created",
        ["member.replaced"] = "member.updated",
        ["member.status_set"] = "member.updated",
        ["member.roles_bound"] = "member.updated",
        ["member.password_changed"] = "member.updated",
        ["member.password_reset"] = "member.updated",
        ["member.deleted"] = "member.deleted",
        ["role.created"] = "role.created",
        ["role.updated"] = "role.updated",
        ["role.deleted"] = "role.deleted",
        ["organization.founded"] = "organization.created",
        ["organization.replaced"] = "organization.updated",
        ["organization.status_set"] = "organization.updated",
        ["organization.enabled"] = "organization.enabled",
        ["organization.disabled"] = "organization.disabled",
        ["organization.deleted"] = "organization.deleted",
        [OperationComplete] = OperationComplete,
        ["webhook.disabled"] = WebhookDisabled,
        ["event_endpoint.disabled"] = WebhookDisabled,
    }.ToFrozenDictionary();

    /// <summary>The types by the entries of the audit trail.</summary>
    public static IReadOnlyDictionary<string, string> ByEntry => OfAudit;

    /// <summary>Every type, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfAudit.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The type of an entry of the audit trail; null where nobody can listen to it.</summary>
    public static string? Of(string auditEvent) => OfAudit.GetValueOrDefault(auditEvent);

    /// <summary>Whether an endpoint that names no types is sent a type.</summary>
    public static bool IsSentUnasked(string type) => type != TokenRefreshed;
}
