using System.Text.Json;
using TokenActors.Domain.Members;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Organizations;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>A member as it is stored, and as it may be shown.</summary>
internal static class MemberRecord
{
    public static StoredRecord Of(MemberState state, string commandId) => new()
    {
        Key = new(Kinds.Member, state.Id.ToString()),
        Version = state.Version,
        CommandId = commandId,
        State = JsonSerializer.Serialize(state, IdentityJson.Default.MemberState),
        OrganizationId = state.OrganizationId.ToString(),
        MemberId = state.Id.ToString(),
        Name = state.Name,
        NameKey = state.DeletedAt is null ? state.Name.ToLowerInvariant() : null,
        Status = state.DeletedAt is null ? StoredRecord.Live : state.CascadePending ? StoredRecord.Deleting : StoredRecord.Deleted,
        DueAt = state.DeletedAt is not { } deletedAt ? null : state.CascadePending ? deletedAt : deletedAt + KeptAfterDelete,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        ExpiresAt = state.ExpiresAt,
    };

    /// <summary>How long a tombstone is kept.</summary>
    public static readonly TimeSpan KeptAfterDelete = TimeSpan.FromDays(30);

    public static MemberView View(MemberState state) => new()
    {
        Id = state.Id,
        OrganizationId = state.OrganizationId,
        Name = state.Name,
        FullName = state.FullName,
        Status = state.Status,
        Type = state.Type,
        RoleBinding = state.RoleBinding,
        Ttl = state.Ttl.Text,
        TokenTtl = state.TokenTtl.Text,
        ExpiresAt = state.ExpiresAt,
        PinExpiresAt = state.PinExpiresAt,
        LastLogon = state.LastLogon,
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        LongestTokenTtl = state.LongestTokenTtl,
        Nickname = state.Nickname,
        Picture = state.Picture,
        Version = state.Version,
    };
}
