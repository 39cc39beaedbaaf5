using TokenActors.Domain.Grants;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Grains.Abstractions.Integrations;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Integrations;

/// <summary>One integration. It lies where its account lies; its tokens and credentials go with it.</summary>
[GrainType(Kinds.Integration)]
public sealed class IntegrationGrain(IRecordStore store, SiloLease lease, PepperRing ring, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Integration), IIntegrationGrain
{
    private readonly SecretBox _box = new(ring);

    /// <summary>The keys of its webhooks.</summary>
    protected override ResourceState Protect(ResourceState state, ProtectedText? secret) =>
        secret is null ? state : state with { Sealed = _box.Seal(secret, Id) };

    protected override string? OwnerOf(ResourceState state) => state.Content.Integration!.AccountId.ToString();

    protected override IReadOnlyList<RecordKey> ParentsOf(ResourceState state) => [new(Kinds.Account, state.Content.Integration!.AccountId.ToString())];

    protected override async ValueTask<ResourceTarget?> TargetOf(ResourceState state)
    {
        var content = state.Content.Integration!;
        var read = new ReadResource { OrganizationId = state.OrganizationId };
        return (await GrainFactory.GetGrain<IAccountGrain>(content.AccountId.ToString()).Get(read)).Resource is { } account
            ? ResourceTargets.InAccount(state, account.Id, account.Content.Account!, content.Category)
            : null;
    }
}
