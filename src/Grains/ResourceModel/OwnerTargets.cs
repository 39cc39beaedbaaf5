using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// The accounts and integrations that rows of a list hang on, read together: where a grant has to reach for each.
/// </summary>
internal sealed class OwnerTargets
{
    private readonly Dictionary<Guid, ResourceState> _accounts;
    private readonly Dictionary<Guid, ResourceState> _integrations;

    private OwnerTargets(Dictionary<Guid, ResourceState> accounts, Dictionary<Guid, ResourceState> integrations) =>
        (_accounts, _integrations) = (accounts, integrations);

    /// <summary>Reads integrations, and the accounts of these and more.</summary>
    public static async Task<OwnerTargets> Read(
        IRecordStore store, IEnumerable<Guid> accounts, IEnumerable<Guid> integrations)
    {
        var owners = await Live(store, Kinds.Integration, integrations);
        var above = owners.Values.Select(owner => owner.Content.Integration?.AccountId).OfType<Guid>();
        return new OwnerTargets(await Live(store, Kinds.Account, accounts.Concat(above)), owners);
    }

    /// <summary>Where an integration lies; null where there is none of that id, or its account is gone.</summary>
    public static async Task<ResourceTarget?> OfIntegration(IRecordStore store, string id) =>
        Guid.TryParse(id, out var integration)
            ? (await Read(store, [], [integration])).OfIntegration(integration)
            : null;

    public static async Task<TargetOf> OfIntegrations(IRecordStore store, IReadOnlyList<ResourceState> states)
    {
        var owners = await Read(store, states.Select(s => s.Content.Integration?.AccountId).OfType<Guid>(), []);
        return state => state.Content.Integration is { } integration ? owners.Of(integration) : null;
    }

    public static async Task<TargetOf> OfBridges(IRecordStore store, IReadOnlyList<ResourceState> states)
    {
        var owners = await Read(store, states.Select(s => s.Content.Bridge?.AccountId).OfType<Guid>(), []);
        return state => state.Content.Bridge is { } bridge ? owners.OfAccount(bridge.AccountId, category: null) : null;
    }

    public static async Task<TargetOf> OfCredentials(IRecordStore store, IReadOnlyList<ResourceState> states)
    {
        var contents = states.Select(state => state.Content.Credential).OfType<CredentialContent>().ToList();
        IEnumerable<Guid> OwnersOf(CredentialOwner type) =>
            contents.Where(content => content.OwnerType == type).Select(content => content.OwnerId);
        var owners = await Read(store, OwnersOf(CredentialOwner.Account), OwnersOf(CredentialOwner.Integration));
        return state => state.Content.Credential switch
        {
            null => null,
            { OwnerType: CredentialOwner.Account } content => owners.OfAccount(content.OwnerId, category: null),
            { OwnerType: CredentialOwner.Integration } content => owners.OfIntegration(content.OwnerId),
            _ => new ResourceTarget(state.OrganizationId.ToString()),
        };
    }

    public ResourceTarget? OfIntegration(Guid id) =>
        _integrations.GetValueOrDefault(id)?.Content.Integration is { } integration ? Of(integration) : null;

    private ResourceTarget? Of(IntegrationContent integration) =>
        OfAccount(integration.AccountId, integration.Category);

    private ResourceTarget? OfAccount(Guid id, string? category) =>
        _accounts.GetValueOrDefault(id) is { Content.Account: { } account } state
            ? ResourceTargets.InAccount(state.OrganizationId, id, account, category)
            : null;

    private static async Task<Dictionary<Guid, ResourceState>> Live(
        IRecordStore store, string kind, IEnumerable<Guid> ids)
    {
        var wanted = ids.Select(id => id.ToString()).ToHashSet();
        var rows = wanted.Count > 0 ? await store.ReadMany(kind, wanted) : [];
        return rows.Select(ResourceState.FromRecord)
            .Where(state => state.DeletedAt is null)
            .ToDictionary(state => state.Id);
    }
}
