using TokenActors.Domain.Grants;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.IntegrationPoints;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Jobs;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.IntegrationPoints;

/// <summary>One integration point.</summary>
[GrainType(Kinds.IntegrationPoint)]
public sealed class IntegrationPointGrain(IRecordStore store, SiloLease lease, RestrictionGate gate, TimeProvider time)
    : ResourceGrain(store, lease, time, ResourceKinds.IntegrationPoint), IIntegrationPointGrain
{
    protected override ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult<ResourceTarget?>(ResourceTargets.Of(state));

    /// <summary>Integrations copy what it schedules, also those that an older program makes.</summary>
    protected override async ValueTask<ResourceAnswer?> RefuseLast(
        ResourceState next, ResourceState? current, CallContext context) =>
        await gate.Admits(next.Content.IntegrationPoint?.ScheduledOperations, context)
            ? null
            : Refused(ResourceRefusal.UpgradePending);
}
