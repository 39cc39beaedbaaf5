using System.Text.Json;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Records;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>An organization's row.</summary>
public static class OrganizationRow
{
    internal static StoredRecord Of(OrganizationState state, string commandId) => new()
    {
        Key = new(Kinds.Organization, state.Id.ToString()),
        Version = state.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(state, IdentityJson.Default.OrganizationState),
        OrganizationId = "",
        OwnerId = state.ParentId?.ToString(),
        Name = state.Name,
        NameKey = RowWriter.NameKeyOf(state, state.Name),
        NameScope = state.ParentId?.ToString() ?? "",
        Status = RowWriter.StatusOf(state),
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        DueAt = Tombstone.DueAt(state),
    };

    /// <exception cref="JsonException">the row holds no organization</exception>
    public static OrganizationState Read(StoredRecord row) =>
        JsonSerializer.Deserialize(row.State, IdentityJson.Default.OrganizationState) is { } state
            ? state with { Version = row.Version }
            : throw new JsonException($"{row.Key} holds null");
}
