namespace TokenActors.Domain.Lists;

/// <summary>
/// The organizations of the whole service, or those below a root. Column names are those of the catalog; JSON names
/// those of the stored state.
/// </summary>
public static class OrganizationList
{
    public static readonly ListField Id = new("id", ListFieldKind.Id, Column: "id");
    public static readonly ListField CreatedAt = new("created_at", ListFieldKind.Time, Column: "created_at");
    public static readonly ListField Type = new("organization_type", ListFieldKind.Word, JsonName: "type");

    /// <summary>Whether it is still being made; not a field of the wire.</summary>
    public static readonly ListField Founding = new("founding", ListFieldKind.Flag, JsonName: "founding");

    public static readonly ListSchema Schema = new("name",
    [
        new("name", ListFieldKind.Name, Column: "name_key"),
        Id,
        CreatedAt,
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
        Type,
        new("fullname", ListFieldKind.Text, JsonName: "full_name"),
        new("contact", ListFieldKind.Text, JsonName: "contact"),
        new("reply_to", ListFieldKind.Text, JsonName: "reply_to"),
        new("picture", ListFieldKind.Text, JsonName: "picture"),
        new("refresh_token_id", ListFieldKind.Id, JsonName: "refresh_token_id"),
        new("state", ListFieldKind.Word, JsonName: "status"),
        new("end_date", ListFieldKind.Text, JsonName: "end_date") { MayBeAbsent = true },
    ]);
}
