using TokenActors.Domain.Grants;
using TokenActors.Domain.Tokens;

namespace TokenActors.Domain.Lists;

/// <summary>
/// The list of every kind of token. Column names are those of the catalog; JSON names those of the stored state.
/// </summary>
public static class LifecycleTokenList
{
    /// <summary>Profiles whose kind has another name than they have.</summary>
    public static readonly IReadOnlyList<(string Stored, string Wire)> Kinds =
    [
        .. TokenProfile.All.Select(profile => (Stored: profile.Name, Wire: TokenKinds.Of(profile)))
            .Where(kind => kind.Stored != kind.Wire),
    ];

    public static readonly ListField MemberId = new("member_id", ListFieldKind.Id, JsonName: "member_id") { IsUuid = true };

    public static readonly ListSchema Schema = new("id",
    [
        new("id", ListFieldKind.Id, Column: "id") { IsUuid = true },
        new("name", ListFieldKind.Folded, Column: "name"),
        new("full_name", ListFieldKind.Text, JsonName: "fullname"),
        new("kind", ListFieldKind.Text, JsonName: "profile")
        {
            Renames = Kinds, Choices = [.. TokenProfile.All.Select(TokenKinds.Of).Distinct()],
        },
        new("profile", ListFieldKind.Text, JsonName: "profile") { Choices = [.. TokenProfile.All.Select(profile => profile.Name)] },
        new("state", ListFieldKind.Phase, Column: "expires_at") { DisabledName = "disabled", Choices = ["active", "expired", "disabled"] },
        new("owner_type", ListFieldKind.Text, JsonName: "owner_type")
        {
            Choices = [.. Enum.GetNames<TokenOwnerType>().Select(name => name.ToLowerInvariant())],
        },
        new("owner_id", ListFieldKind.Id, JsonName: "owner_id") { IsUuid = true },
        new("account_id", ListFieldKind.Id, JsonName: "account_id") { IsUuid = true, MayBeAbsent = true },
        MemberId,
        new("parent_id", ListFieldKind.Id, Column: "parent_id") { NamesOthers = true, IsUuid = true, MayBeAbsent = true },
        new("belongs_to", ListFieldKind.Text, Column: "belongs_to") { Absent = "parent", Choices = ["organization", "member", "parent"] },
        new("permission_set", ListFieldKind.Text, JsonName: "permission_set") { Choices = PermissionSets.Names, MayBeAbsent = true },
        new("roles", ListFieldKind.Names, JsonName: "roles"),
        new("description", ListFieldKind.Text, JsonName: "description"),
        new("labels", ListFieldKind.Texts, JsonName: "labels") { Sorted = SortedBeside.Labels },
        new("contact", ListFieldKind.Text, JsonName: "contact"),
        new("life", ListFieldKind.Text, JsonName: "token_ttl") { IsUnordered = true },
        new("created_at", ListFieldKind.Time, Column: "created_at") { IsIndexed = true },
        new("updated_at", ListFieldKind.Time, Column: "updated_at"),
        new("expires_at", ListFieldKind.Time, Column: "expires_at") { Sorted = SortedBeside.Ends },
        new("last_used_at", ListFieldKind.Time, Column: "used_at") { IsOfUses = true },
        new("primary_access_expires_at", ListFieldKind.Time, JsonName: "primary.access.expires_at") { HotTime = 0 },
        new("primary_refresh_expires_at", ListFieldKind.Time, JsonName: "primary.refresh.expires_at") { HotTime = 1 },
        new("secondary_access_expires_at", ListFieldKind.Time, JsonName: "secondary.pair.access.expires_at") { HotTime = 2 },
        new("secondary_refresh_expires_at", ListFieldKind.Time, JsonName: "secondary.pair.refresh.expires_at") { HotTime = 3 },
        new("secondary_deadline", ListFieldKind.Time, JsonName: "secondary.deadline") { HotTime = 4 },
    ]);
}
