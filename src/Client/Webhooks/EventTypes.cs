using System.Collections.Frozen;

namespace TokenActors.Client.Webhooks;

/// <summary>The types of events that webhooks are sent, by the entries of the audit trail that they stand
/// for.</summary>
public static class EventTypes
{
    /// <summary>Sent only to endpoints that name it.</summary>
    public const string TokenRefreshed = "token.refreshed";

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
        ["operation.complete"] = "operation.complete",
        ["webhook.disabled"] = "webhook.disabled",
        ["event_endpoint.disabled"] = "webhook.disabled",
    }.ToFrozenDictionary();

    /// <summary>Every type, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfAudit.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The type of an entry of the audit trail; null where no webhook is sent it.</summary>
    /// <param name="auditEvent">as <see cref="Audit.AuditRow.Event"/> names it</param>
    public static string? Of(string auditEvent) => OfAudit.GetValueOrDefault(auditEvent);

    /// <summary>The entries of the audit trail that a type stands for.</summary>
    /// <param name="type">such as <c>member.updated</c></param>
    public static IReadOnlyList<string> EntriesOf(string type) =>
        [.. OfAudit.Where(entry => entry.Value == type).Select(entry => entry.Key).Order(StringComparer.Ordinal)];
}
