using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// Reads what waits for an endpoint. A row may become visible after one with a higher number, by as long as a statement
/// may take; so reads begin again at the highest number that was seen some time ago, and what is known is left out.
/// </summary>
internal sealed class OutboxReader(IOutbox outbox, string endpointId, TimeProvider time)
{
    /// <summary>Longer than any statement of a writer may take.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly Queue<(DateTimeOffset At, long Highest)> _seen = [];
    private long _from;

    /// <summary>The last read did not take in all that waits.</summary>
    public bool HasMore { get; private set; }

    public async Task ReadInto(DeliveryQueue queue)
    {
        var began = time.GetUtcNow();
        while (_seen.TryPeek(out var seen) && began - seen.At > Settled)
        {
            _seen.Dequeue();
            _from = seen.Highest;
        }

        var rows = await outbox.Waiting(endpointId, _from, DeliveryQueue.MostWaiting);
        var taken = queue.Add(rows);
        HasMore = rows.Count == DeliveryQueue.MostWaiting || taken < rows.Count;
        if (taken > 0)
        {
            _seen.Enqueue((began, rows[taken - 1].Number));
        }
    }
}
