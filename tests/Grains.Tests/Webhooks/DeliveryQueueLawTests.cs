using CsCheck;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>
/// Whatever comes, waits, ends and is read again: of each subject the oldest is attempted and no other, what is due
/// first comes first, and nothing is under way twice.
/// </summary>
public sealed class DeliveryQueueLawTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private enum Act
    {
        Add, Take, Again, End, Forget, Pass,
    }

    private static readonly Gen<(Act, int, int, int)[]> Acts = Gen.Select(
        Gen.OneOf([.. new[] { Act.Add, Act.Add, Act.Take, Act.Take, Act.Take, Act.Again, Act.Again, Act.End, Act.End, Act.Forget, Act.Pass }.Select(act => Gen.Const(act))]),
        Gen.Int[1, 12], Gen.Int[0, 3], Gen.Int[0, 5]).Array[1, 60];

    [Fact]
    public void The_oldest_of_a_subject_that_is_due_first_is_attempted_next() => Acts.HoldsForAll(5_000, acts =>
    {
        var queue = new DeliveryQueue();
        SortedDictionary<long, WaitingDelivery> waiting = [];
        List<WaitingDelivery> running = [];
        var now = Start;
        foreach (var (act, number, subject, seconds) in acts)
        {
            switch (act)
            {
                case Act.Add:
                    var row = waiting.GetValueOrDefault(number)
                        ?? new WaitingDelivery(number, $"s{subject}", 0, now.AddSeconds(seconds), false);
                    waiting[number] = row;

                    Assert.Equal(1, queue.Add([row]));
                    break;
                case Act.Take:
                    var heads = waiting.Values.GroupBy(one => one.SubjectId).Select(of => of.MinBy(one => one.Number)!)
                        .Where(head => !running.Contains(head)).ToList();
                    var due = heads.Where(head => head.DueAt <= now).ToList();
                    var taken = queue.Take(now);
                    Assert.Equal(due.Count > 0, taken is not null);
                    if (taken is not null)
                    {
                        Assert.Contains(taken, due);
                        Assert.Equal(due.Min(head => head.DueAt), taken.DueAt);
                        running.Add(taken);
                    }

                    break;
                case Act.Again when running.Count > 0:
                    var again = running[seconds % running.Count];
                    running.Remove(again);
                    waiting[again.Number] = again with { Attempts = again.Attempts + 1, DueAt = now.AddSeconds(seconds) };
                    queue.Wait(waiting[again.Number]);
                    break;
                case Act.End when running.Count > 0:
                    var ended = running[seconds % running.Count];
                    running.Remove(ended);
                    waiting.Remove(ended.Number);
                    queue.End(ended);
                    break;
                case Act.Forget:
                    foreach (var gone in waiting.Values.Except(running).ToList())
                    {
                        waiting.Remove(gone.Number);
                    }

                    queue.ForgetWaiting();
                    break;
                case Act.Pass:
                    now = now.AddSeconds(seconds);
                    break;
                default:
                    break;
            }

            Assert.Equal(waiting.Count, queue.Count);
            var next = waiting.Values.GroupBy(one => one.SubjectId).Select(of => of.MinBy(one => one.Number)!)
                .Where(head => !running.Contains(head)).Select(head => (DateTimeOffset?)head.DueAt).Min();
            Assert.Equal(next, queue.NextDue);
        }

        queue.Clear();
        Assert.Equal((0, null), (queue.Count, queue.NextDue));
    });

    [Fact]
    public void What_is_known_stays_as_it_is_when_it_is_read_again()
    {
        var queue = new DeliveryQueue();
        var row = new WaitingDelivery(1, "s", 0, Start.AddHours(1), false);
        queue.Add([row]);
        Assert.Equal(1, queue.Add([row with { DueAt = Start }]));
        Assert.Null(queue.Take(Start));
        Assert.Equal(Start.AddHours(1), queue.NextDue);
    }

    /// <summary>What finds no place ends the rows that are taken in, also where a later one is known already.</summary>
    [Fact]
    public void A_row_that_finds_no_place_ends_what_is_taken_in()
    {
        WaitingDelivery Row(long number) => new(number, "s", 0, Start, false);
        var queue = new DeliveryQueue();
        Assert.Equal(
            DeliveryQueue.MostWaiting - 1,
            queue.Add([.. Enumerable.Range(1, DeliveryQueue.MostWaiting - 1).Select(i => Row(i))]));
        Assert.Equal(2, queue.Add([Row(1), Row(20_001), Row(20_002), Row(2)]));
        Assert.Equal(DeliveryQueue.MostWaiting, queue.Count);
        Assert.Equal(1, queue.Add([Row(20_001), Row(20_002)]));
    }
}
