namespace TokenActors.Domain.Lists;

/// <summary>The organizations of the whole service.</summary>
public static class OrganizationList
{
    public static readonly ListField CreatedAt = new("created_at", ListFieldKind.Time, Column: "created_at");
    public static readonly ListField Type = new("organization_type", ListFieldKind.Text, JsonName: "type");

    public static readonly ListSchema Schema =
        new("name", [new("name", ListFieldKind.Text, Column: "name_key"), CreatedAt, Type]);
}
