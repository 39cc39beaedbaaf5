using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Webhooks;

namespace TokenActors.Grains.Webhooks;

/// <summary>
/// What was sent once more, by the idempotency key of the call. In memory: after a crash within the ten minutes the
/// same call sends once more than it would, under the ids that the receiver knows.
/// </summary>
internal sealed class RecentRepeats(TimeProvider time)
{
    private const int Most = 100;

    private readonly Dictionary<string, (byte[] Request, DeliveryAnswer Answer, DateTimeOffset At)> _known = [];

    /// <summary>The answer of the same call, or why it is refused; null where the call is new.</summary>
    public DeliveryAnswer? Find(Idempotency? call)
    {
        Forget();
        if (call is null || !_known.TryGetValue(Convert.ToHexString(call.Key), out var known))
        {
            return null;
        }

        return known.Request.AsSpan().SequenceEqual(call.Request)
            ? known.Answer
            : new DeliveryAnswer { Refusal = ResourceRefusal.IdempotencyConflict };
    }

    public void Note(Idempotency? call, DeliveryAnswer answer)
    {
        if (call is not null)
        {
            _known[Convert.ToHexString(call.Key)] = (call.Request, answer, time.GetUtcNow());
        }
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        var oldest = _known.OrderBy(call => call.Value.At).ToList();
        var over = oldest.TakeWhile(call => now - call.Value.At >= CreatingCall.AnswersKept).Count();
        foreach (var (key, _) in oldest.Take(Math.Max(over, oldest.Count - Most)))
        {
            _known.Remove(key);
        }
    }
}
