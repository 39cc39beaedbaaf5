using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.IntegrationPoints;

/// <summary>One integration point.</summary>
[GrainType(Kinds.IntegrationPoint)]
public sealed class IntegrationPointGrain(IRecordStore store, SiloLease lease, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.IntegrationPoint), IIntegrationPointGrain
{
    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));
}
