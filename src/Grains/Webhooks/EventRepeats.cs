using System.Collections.Immutable;
using TokenActors.Domain.Events;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Outbox;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Webhooks;

/// <summary>Sends an endpoint events once more, or one that shows that it works.</summary>
internal sealed class EventRepeats(IRecordStore store, IOutbox outbox, RecordKey key)
{
    private const int MostReplayed = 10_000;

    private static readonly ImmutableArray<string> SentUnasked = [.. EventTypes.All.Where(EventTypes.IsSentUnasked)];

    public async Task<DeliveryAnswer> Test(ResourceState endpoint, CallContext context, DateTimeOffset now)
    {
        var test = EventTests.Of(endpoint, context, key, now);
        await store.Append(test);
        return new DeliveryAnswer
        {
            Queued = 1, DeliveryId = test.Payload is { } payload ? WebhookBodies.IdOf(payload.Id, key.Id) : null,
        };
    }

    public async Task<DeliveryAnswer> Redeliver(string delivery, DateTimeOffset now) =>
        WebhookBodies.EventOf(delivery, key.Id) is { } told && await outbox.Redeliver(key.Id, told, now)
            ? new DeliveryAnswer { Queued = 1, DeliveryId = delivery }
            : new DeliveryAnswer { Refusal = ResourceRefusal.NotFound };

    public async Task<DeliveryAnswer> Replay(ResourceState endpoint, DateTimeOffset since, DateTimeOffset now)
    {
        if (endpoint.Content.Webhook is not { } webhook)
        {
            return new DeliveryAnswer { Refusal = ResourceRefusal.NotFound };
        }

        EventReplay replay = new(
            key.Id, endpoint.OrganizationId.ToString(), webhook.Types.IsEmpty ? SentUnasked : webhook.Types,
            webhook.AccountIds.IsEmpty ? null : [.. webhook.AccountIds.Select(id => id.ToString())],
            since, MostReplayed);
        return new DeliveryAnswer { Queued = await outbox.Replay(replay, now) };
    }
}
