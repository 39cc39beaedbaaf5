namespace TokenActors.Domain.Lists;

/// <summary>
/// The lists of the facades' tokens, each by itself beside the name index. Names are as their clients gave them and
/// need not differ.
/// </summary>
public static class ListingList
{
    public static readonly ListField Name = new("name", ListFieldKind.Text, Column: "name");
    public static readonly ListField Id = new("id", ListFieldKind.Text, Column: "id");
    public static readonly ListField CreatedAt = new("created_at", ListFieldKind.Time, Column: "created_at");
    public static readonly ListField ExpiresAt = new("expires_at", ListFieldKind.Time, Column: "expires_at");
    public static readonly ListField Profile = new("profile", ListFieldKind.Text, JsonName: "profile");
    public static readonly ListField OwnerId = new("owner_id", ListFieldKind.Text, JsonName: "owner_id");

    public static readonly ListSchema Schema = new("id", [Name, Id, CreatedAt, ExpiresAt, Profile, OwnerId]);
}
