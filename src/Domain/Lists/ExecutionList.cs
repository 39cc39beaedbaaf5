namespace TokenActors.Domain.Lists;

/// <summary>The executions of an organization's operations, newest first. Its sort key is a time.</summary>
public static class ExecutionList
{
    public const int DefaultLimit = 100;

    public const int MaxLimit = 500;

    public static readonly ListSchema Schema = new("started_at",
    [
        new("started_at", ListFieldKind.Time, Column: "started_at"),
        new("completed_at", ListFieldKind.Time, Column: "completed_at") { MayBeAbsent = true },
        new("id", ListFieldKind.Id, Column: "execution_id"),
        new("execution_id", ListFieldKind.Id, Column: "execution_id"),
        new("operation_id", ListFieldKind.Id, Column: "operation_id"),
        new("account_id", ListFieldKind.Id, Column: "account_id"),
        new("integration_id", ListFieldKind.Id, Column: "integration_id"),
        new("integration_point_id", ListFieldKind.Id, Column: "integration_point_id"),
        new("operation", ListFieldKind.Text, Column: "operation"),
        new("trigger_type", ListFieldKind.Text, Column: "trigger_type"),
        new("trigger_source", ListFieldKind.Text, Column: "trigger_source"),
        new("status", ListFieldKind.Text, Column: "status"),
        new("initial_cursor", ListFieldKind.Text, Column: "initial_cursor"),
        new("final_cursor", ListFieldKind.Text, Column: "final_cursor"),
        new("error", ListFieldKind.Text, Column: "error"),
    ]);
}
