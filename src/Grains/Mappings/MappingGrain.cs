using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.Mappings;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Mappings;

/// <summary>One mapping.</summary>
[GrainType(Kinds.Mapping)]
public sealed class MappingGrain(IRecordStore store, SiloLease lease, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.Mapping), IMappingGrain
{
    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));
}
