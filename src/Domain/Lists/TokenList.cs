namespace TokenActors.Domain.Lists;

/// <summary>
/// The list of refresh tokens. Column names are those of the catalog; JSON names those of the stored state.
/// </summary>
public static class TokenList
{
    public static readonly ListSchema Schema = new("name",
    [
        new("name", ListFieldKind.Name, Column: "name_key"),
        new("id", ListFieldKind.Id, Column: "id"),
        new("fullname", ListFieldKind.Text, JsonName: "fullname"),
        new("created_at", ListFieldKind.Time, Column: "created_at"),
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
        new("expires", ListFieldKind.Time, Column: "expires_at"),
        new("member_id", ListFieldKind.Id, JsonName: "member_id"),
        new("owner_id", ListFieldKind.Id, JsonName: "owner_id"),
        new("owner_type", ListFieldKind.Text, JsonName: "owner_type"),
        new("token_type", ListFieldKind.Text, JsonName: "token_type"),
        new("token_ttl", ListFieldKind.Text, JsonName: "token_ttl"),
        new("parent_id", ListFieldKind.Id, Column: "parent_id"),
    ]);
}
