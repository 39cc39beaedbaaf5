using System.Text.Json;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Members;
using TokenActors.Domain.Records;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>A member's row.</summary>
internal static class MemberRow
{
    public static StoredRecord Of(MemberState state, string commandId) => new()
    {
        Key = new(Kinds.Member, state.Id.ToString()),
        Version = state.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(Stored(state), IdentityJson.Default.MemberState),
        OrganizationId = state.OrganizationId.ToString(),
        MemberId = state.Id.ToString(),
        Name = state.Name,
        NameKey = RowWriter.NameKeyOf(state, state.Name),
        Status = RowWriter.StatusOf(state),
        DueAt = Tombstone.DueAt(state),
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        ExpiresAt = state.ExpiresAt,
    };

    /// <exception cref="JsonException">the row holds no member</exception>
    public static MemberState Read(StoredRecord row) =>
        JsonSerializer.Deserialize(row.State, IdentityJson.Default.MemberState) is { } state
            ? state with
            {
                Version = row.Version,
                RoleBinding = RoleReference.From(state.RoleBinding, state.RoleIds),
                RoleIds = null,
            }
            : throw new JsonException($"{row.Key} holds null");

    /// <summary>With names that lists can filter by, as older programs read them.</summary>
    private static MemberState Stored(MemberState state) => state with
    {
        RoleBinding = RoleReference.NamesOf(state.RoleBinding),
        RoleIds = RoleReference.IdsOf(state.RoleBinding),
    };
}
