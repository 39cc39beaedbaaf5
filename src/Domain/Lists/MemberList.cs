namespace TokenActors.Domain.Lists;

/// <summary>The list of members. Column names are those of the catalog; JSON names those of the stored state.</summary>
public static class MemberList
{
    public static readonly ListSchema Schema = new("name",
    [
        new("name", ListFieldKind.Name, Column: "name_key") { IsComposed = true },
        new("id", ListFieldKind.Id, Column: "id"),
        new("fullname", ListFieldKind.Text, JsonName: "full_name"),
        new("nickname", ListFieldKind.Text, JsonName: "nickname"),
        new("picture", ListFieldKind.Text, JsonName: "picture"),
        new("state", ListFieldKind.Word, JsonName: "status"),
        new("type", ListFieldKind.Word, JsonName: "type"),
        new("role_binding", ListFieldKind.Names, JsonName: "role_binding"),
        new("ttl", ListFieldKind.Text, JsonName: "ttl.text"),
        new("token_ttl", ListFieldKind.Text, JsonName: "token_ttl.text"),
        new("created_at", ListFieldKind.Time, Column: "created_at"),
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
        new("expires", ListFieldKind.Time, Column: "expires_at") { MayBeAbsent = true },
        new("pin_expires", ListFieldKind.Stamp, JsonName: "pin_expires_at") { MayBeAbsent = true },
        new("last_logon", ListFieldKind.Stamp, JsonName: "last_logon"),
    ]);
}
