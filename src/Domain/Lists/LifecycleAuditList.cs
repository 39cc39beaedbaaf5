namespace TokenActors.Domain.Lists;

/// <summary>What the Lifecycle API's audit trail can be filtered by. Column names are those of the trail.</summary>
public static class LifecycleAuditList
{
    public static readonly ListSchema Schema = new("at",
    [
        new("at", ListFieldKind.Time, Column: "at"),
        new("event", ListFieldKind.Text, Column: "event"),
        new("subject_kind", ListFieldKind.Text, Column: "subject_kind"),
        new("subject_id", ListFieldKind.Id, Column: "subject_id"),
        new("outcome", ListFieldKind.Text, Column: "outcome"),
        new("status", ListFieldKind.Text, Column: "code"),
        new("method", ListFieldKind.Text, Column: "method"),
        new("path", ListFieldKind.Text, Column: "path"),
        new("address", ListFieldKind.Text, Column: "remote_addr"),
        new("user_agent", ListFieldKind.Text, Column: "user_agent"),
        new("token_id", ListFieldKind.Id, Column: "actor_token_id"),
        new("member_id", ListFieldKind.Id, Column: "actor_member_id"),
        AuditList.AccountId,
        new("integration_id", ListFieldKind.Id, Column: "integration_id"),
    ]);
}
