namespace TokenActors.Domain.Lists;

/// <summary>The lists of what integrations are used for.</summary>
public static class StatusLists
{
    public static readonly ListField AccountId = new("account_id", ListFieldKind.Id, Column: "owner_id");
    public static readonly ListField IntegrationId = new("integration_id", ListFieldKind.Id, Column: "id");
    public static readonly ListField At = new("created_at", ListFieldKind.Time, Column: "at");

    /// <summary>One item for each integration.</summary>
    public static readonly ListSchema Integrations = new("integration_id",
    [
        AccountId,
        IntegrationId,
        new("created_at", ListFieldKind.Time, Column: "created_at"),
    ]);

    /// <summary>Refusals and errors of one integration, oldest first. Their sort key is a time.</summary>
    public static readonly ListSchema Events = new("created_at",
    [
        At,
        new("status", ListFieldKind.Text, Column: "status"),
        new("error", ListFieldKind.Text, Column: "error"),
    ]);
}
