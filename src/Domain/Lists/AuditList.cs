namespace TokenActors.Domain.Lists;

/// <summary>The audit trail of an organization, one row a call, oldest first. Its sort key is a time.</summary>
public static class AuditList
{
    public static readonly ListField CreatedAt = new("created_at", ListFieldKind.Time, Column: "at");
    public static readonly ListField AccountId = new("account_id", ListFieldKind.Id, Column: "account_id");

    public static readonly ListSchema Schema = new("created_at",
    [
        CreatedAt,
        AccountId,
        new("integration_id", ListFieldKind.Id, Column: "integration_id"),
        new("member_id", ListFieldKind.Id, Column: "actor_member_id"),
        new("remote_addr", ListFieldKind.Text, Column: "remote_addr"),
        new("user_agent", ListFieldKind.Text, Column: "user_agent"),
        new("method", ListFieldKind.Text, Column: "method"),
        new("path", ListFieldKind.Text, Column: "path"),
        new("code", ListFieldKind.Text, Column: "code"),
        new("status", ListFieldKind.Text, Column: "outcome"),
    ]);
}
