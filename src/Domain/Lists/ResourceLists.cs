namespace TokenActors.Domain.Lists;

/// <summary>
/// The lists of resources. Column names are those of the catalog; JSON names those of the stored state.
/// </summary>
public static class ResourceLists
{
    public static readonly ListField Id = new("id", ListFieldKind.Id, Column: "id");

    private static readonly ListField[] Common =
    [
        new("name", ListFieldKind.Name, Column: "name_key"),
        Id,
        new("fullname", ListFieldKind.Text, JsonName: "full_name"),
        new("created_at", ListFieldKind.Time, Column: "created_at"),
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
    ];

    public static readonly ListSchema Accounts = Of(
        new("environment", ListFieldKind.Text, JsonName: "content.account.environment"),
        new("labels", ListFieldKind.Texts, JsonName: "content.account.labels"),
        new("organization_id", ListFieldKind.Id, Column: "organization_id"));

    public static readonly ListSchema Roles = Of(
        new("description", ListFieldKind.Text, JsonName: "content.role.description"),
        new("permission_set", ListFieldKind.Text, JsonName: "content.role.permission_set"));

    public static readonly ListSchema IntegrationPoints = Of(
        new("description", ListFieldKind.Text, JsonName: "content.integration_point.description"),
        new("connector", ListFieldKind.Text, JsonName: "content.integration_point.connector"));

    /// <summary>What an integration hangs on.</summary>
    public static readonly ListField AccountId = new("account_id", ListFieldKind.Id, Column: "owner_id");

    /// <summary>Integrations of several accounts may bear one name.</summary>
    public static readonly ListSchema Integrations = Of(
        AccountId,
        new("category", ListFieldKind.Text, JsonName: "content.integration.category"),
        new("provider_type", ListFieldKind.Text, JsonName: "content.integration.provider_type"),
        new("integration_point_id", ListFieldKind.Id, JsonName: "content.integration.integration_point_id"),
        new("refresh_token_id", ListFieldKind.Id, JsonName: "content.integration.refresh_token_id"))
        with
    { SharesKeys = true };

    /// <summary>They are listed by their owner, whose id stands in the field that its kind has.</summary>
    public static readonly ListSchema Credentials = Of(
        new("owner_type", ListFieldKind.Word, JsonName: "content.credential.owner_type"),
        new("account_id", ListFieldKind.Id, Column: "owner_id"),
        new("integration_id", ListFieldKind.Id, Column: "owner_id"),
        new("integration_point_id", ListFieldKind.Id, Column: "owner_id"),
        new("organization_webhook_id", ListFieldKind.Id, Column: "owner_id"),
        new("expires", ListFieldKind.Stamp, JsonName: "content.credential.expires_at") { MayBeAbsent = true },
        new("managed", ListFieldKind.Flag, JsonName: "content.credential.managed") { Words = ("managed", "unmanaged") });

    public static readonly ListSchema Webhooks = Of(
        new("environment", ListFieldKind.Text, JsonName: "content.webhook.environment"),
        new("url", ListFieldKind.Text, JsonName: "content.webhook.address"),
        new("filters", ListFieldKind.Texts, JsonName: "content.webhook.filters"),
        new("credential_id", ListFieldKind.Id, JsonName: "content.webhook.credential_id"));

    public static readonly ListSchema EventEndpoints = Of(
        new("url", ListFieldKind.Text, JsonName: "content.webhook.address"),
        new("types", ListFieldKind.Texts, JsonName: "content.webhook.types"),
        new("description", ListFieldKind.Text, JsonName: "content.webhook.description"));

    /// <summary>They are listed by their account, in which a name is unique.</summary>
    public static readonly ListSchema Bridges = Of(
        new("description", ListFieldKind.Text, JsonName: "content.bridge.description"),
        new("labels", ListFieldKind.Texts, JsonName: "content.bridge.labels"));

    public static readonly ListSchema Mappings = Of(
        new ListField("organization_id", ListFieldKind.Id, Column: "organization_id"));

    /// <summary>An organization has one.</summary>
    public static readonly ListSchema Policies = Of();

    private static ListSchema Of(params ListField[] own) => new("name", [.. Common, .. own]);
}
