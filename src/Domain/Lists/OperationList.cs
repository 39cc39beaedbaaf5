namespace TokenActors.Domain.Lists;

/// <summary>The scheduled operations of an organization. They have no names: their sort key is their id.</summary>
public static class OperationList
{
    public static readonly ListSchema Schema = new("id",
    [
        new("id", ListFieldKind.Id, Column: "id"),
        new("created_at", ListFieldKind.Time, Column: "created_at"),
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
        new("account_id", ListFieldKind.Id, JsonName: "account_id"),
        new("integration_id", ListFieldKind.Id, Column: "owner_id"),
        new("operation", ListFieldKind.Text, JsonName: "operation"),
        new("status", ListFieldKind.Text, JsonName: "status"),
    ]);
}
