namespace TokenActors.Domain.Lists;

/// <summary>The list of members. Column names are those of the catalog; JSON names those of the stored state.</summary>
public static class MemberList
{
    public static readonly ListSchema Schema = new("name",
    [
        new("name", ListFieldKind.Text, Column: "name_key"),
        new("id", ListFieldKind.Text, Column: "id"),
        new("fullname", ListFieldKind.Text, JsonName: "full_name"),
        new("nickname", ListFieldKind.Text, JsonName: "nickname"),
        new("created_at", ListFieldKind.Time, Column: "created_at"),
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
        new("expires", ListFieldKind.Time, Column: "expires_at"),
    ]);
}
