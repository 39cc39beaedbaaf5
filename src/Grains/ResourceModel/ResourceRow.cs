using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>A resource's row, and the rows that it belongs to.</summary>
internal static class ResourceRow
{
    public static StoredRecord Of(ResourceState state, string kind, string commandId) => new()
    {
        Key = new RecordKey(kind, state.Id.ToString()),
        Version = state.Version,
        CommandId = commandId,
        State = state.ToJson(),
        OrganizationId = state.OrganizationId.ToString(),
        OwnerId = OwnerOf(state),
        Name = state.Name,
        NameKey = RowWriter.NameKeyOf(state, state.Name),
        NameScope = state.NameScope,
        Status = RowWriter.StatusOf(state),
        CreatedAt = state.CreatedAt,
        UpdatedAt = state.UpdatedAt,
        DueAt = Tombstone.DueAt(state),
    };

    /// <summary>The account and integration that the audit trail names for a change.</summary>
    public static (Guid? AccountId, Guid? IntegrationId) About(ResourceState state) => state.Content switch
    {
        { Account: not null } => (state.Id, null),
        { Integration: { } integration } => (integration.AccountId, state.Id),
        { Bridge: { } bridge } => (bridge.AccountId, null),
        { Credential: { OwnerType: CredentialOwner.Account } credential } => (credential.OwnerId, null),
        { Credential: { OwnerType: CredentialOwner.Integration } credential } => (null, credential.OwnerId),
        _ => default,
    };

    /// <summary>The rows that have to be live for the resource to be created.</summary>
    public static IReadOnlyList<RecordKey> ParentsOf(ResourceState state)
    {
        var organization = new RecordKey(Kinds.Organization, state.OrganizationId.ToString());
        return state.Content switch
        {
            { Integration: { } integration } => [organization, new(Kinds.Account, integration.AccountId.ToString())],
            { Bridge: { } bridge } => [organization, new(Kinds.Account, bridge.AccountId.ToString())],
            { Credential: { } credential } =>
                [organization, new(KindOf(credential.OwnerType), credential.OwnerId.ToString())],
            _ => [organization],
        };
    }

    /// <summary>The row that owns it: its organization, unless its content names another.</summary>
    private static string OwnerOf(ResourceState state) => state.Content switch
    {
        { Integration: { } integration } => integration.AccountId.ToString(),
        { Bridge: { } bridge } => bridge.AccountId.ToString(),
        { Credential: { } credential } => credential.OwnerId.ToString(),
        _ => state.OrganizationId.ToString(),
    };

    private static string KindOf(CredentialOwner owner) => owner switch
    {
        CredentialOwner.Account => Kinds.Account,
        CredentialOwner.Integration => Kinds.Integration,
        CredentialOwner.IntegrationPoint => Kinds.IntegrationPoint,
        CredentialOwner.Webhook => Kinds.Webhook,
        _ => throw new ArgumentOutOfRangeException(nameof(owner), owner, null),
    };
}
