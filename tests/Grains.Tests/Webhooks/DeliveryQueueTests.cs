using Microsoft.Extensions.Time.Testing;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>More waits for an endpoint than is held in memory.</summary>
public sealed class DeliveryQueueTests
{
    private const int Waiting = DeliveryQueue.MostWaiting * 5 / 2;
    private const int Subjects = 97;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public async Task Each_subject_keeps_its_order_while_more_waits_than_is_held()
    {
        var (queue, rows) = (new DeliveryQueue(), new Rows(Waiting, _time.GetUtcNow()));
        var reader = new OutboxReader(rows, "e1", _time);
        Dictionary<string, long> newest = [];
        await reader.ReadInto(queue);
        while (queue.Take(_time.GetUtcNow()) is { } next)
        {
            Assert.True(
                newest.GetValueOrDefault(next.SubjectId) < next.Number, $"{next.Number} came after a later one");
            newest[next.SubjectId] = next.Number;
            rows.End(next.Number);
            queue.End(next);

            // News come all the time, and what was seen settles meanwhile.
            if (queue.Count % (DeliveryQueue.MostWaiting / 4) == 0)
            {
                _time.Advance(TimeSpan.FromMinutes(2));
                await reader.ReadInto(queue);
            }
        }

        Assert.Equal(0, rows.Count);
    }

    /// <summary>A replay writes that a row is due at once: what is remembered of it is over.</summary>
    [Fact]
    public void What_waits_is_as_it_was_read_last_and_what_is_under_way_stays()
    {
        var now = _time.GetUtcNow();
        WaitingDelivery Row(long number, string subject, DateTimeOffset due) => new(number, subject, 0, due, false);
        var queue = new DeliveryQueue();
        queue.Add([Row(1, "a", now), Row(2, "a", now), Row(3, "b", now.AddHours(1)), Row(4, "c", now.AddHours(1))]);
        var running = queue.Take(now);
        Assert.Equal(1, running?.Number);
        queue.ForgetWaiting();
        Assert.Equal(1, queue.Count);
        queue.Add([Row(1, "a", now), Row(2, "a", now), Row(3, "b", now)]);
        Assert.Equal(3, queue.Take(now)?.Number);
        Assert.Null(queue.Take(now));
        queue.End(running!);
        Assert.Equal(2, queue.Take(now)?.Number);
        Assert.Null(queue.NextDue);
    }

    /// <summary>The rows that wait for one endpoint.</summary>
    private sealed class Rows(int count, DateTimeOffset due) : OutboxOfNothing
    {
        private readonly SortedSet<long> _numbers = [.. Enumerable.Range(1, count).Select(i => (long)i)];

        public int Count => _numbers.Count;

        public void End(long number) => _numbers.Remove(number);

        public override Task<IReadOnlyList<WaitingDelivery>> Waiting(string endpointId, long after, int limit) =>
            Task.FromResult<IReadOnlyList<WaitingDelivery>>(
            [
                .. _numbers.GetViewBetween(after + 1, long.MaxValue).Take(limit)
                    .Select(i => new WaitingDelivery(i, $"t{i % Subjects}", 0, due, false)),
            ]);
    }
}
