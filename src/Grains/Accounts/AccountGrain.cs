using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.Accounts;
using TokenActors.Grains.Records;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Accounts;

/// <summary>One account. Integrations, credentials and tokens hang on it and go with it.</summary>
[GrainType(Kinds.Account)]
public sealed class AccountGrain(IRecordStore store, SiloLease lease, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Account), IAccountGrain
{
    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state) => ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));
}
