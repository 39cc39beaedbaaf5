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
    private bool _hasBegun;

    /// <summary>The last read did not take in all that waits.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Takes in what waits. The first read takes the place of what was remembered of the rows.</summary>
    public async Task ReadInto(DeliveryQueue queue)
    {
        if (!_hasBegun)
        {
            queue.ForgetWaiting();
            _hasBegun = true;
        }

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
