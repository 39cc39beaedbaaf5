using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;

namespace TokenActors.Grains.Webhooks;

/// <summary>One endpoint that was made on the Lifecycle API.</summary>
[GrainType(Kinds.EventEndpoint)]
public sealed class EventEndpointGrain(
    IRecordStore store, IOutbox outbox, SiloLease lease, PepperRing ring, TimeProvider time)
    : WebhookGrain(store, outbox, lease, ring, time, ResourceKinds.EventEndpoint), IEventEndpointGrain;
