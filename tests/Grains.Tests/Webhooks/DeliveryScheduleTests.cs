using CsCheck;
using TokenActors.Grains.Webhooks;
using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Tests.Webhooks;

/// <summary>When a delivery is attempted again: as the guide to webhooks says it.</summary>
public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    private static AttemptResult Answered(int? status, TimeSpan? retryAfter = null) =>
        new(status, status is null ? "no answer" : null, null, TimeSpan.FromMilliseconds(5), retryAfter);

    private static (WaitingDelivery Next, string Outcome) After(int attempts, AttemptResult result, double random = 0.5) =>
        DeliverySchedule.After(new WaitingDelivery(1, "s", attempts, Now, false), result, Delays, Now, random);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 300)]
    [InlineData(2, 1_800)]
    [InlineData(3, 7_200)]
    [InlineData(4, 18_000)]
    [InlineData(5, 36_000)]
    [InlineData(6, 50_400)]
    [InlineData(7, 72_000)]
    [InlineData(8, 86_400)]
    public void After_each_failure_it_waits_longer(int attempts, int seconds)
    {
        var (next, outcome) = After(attempts, Answered(500));
        Assert.Equal(
            (DeliveryOutcome.Failed, attempts + 1, Now.AddSeconds(seconds)), (outcome, next.Attempts, next.DueAt));
        Assert.True(next.HasLog);
        Assert.Equal(Now.AddSeconds(seconds * 0.9), After(attempts, Answered(null), 0).Next.DueAt);
        Assert.Equal(Now.AddSeconds(seconds * 1.1), After(attempts, Answered(302), 1).Next.DueAt);
    }

    [Fact]
    public void After_the_tenth_it_is_given_up() =>
        Assert.Equal(DeliveryOutcome.GivenUp, After(9, Answered(500)).Outcome);

    [Theory]
    [InlineData(200, DeliveryOutcome.Delivered)]
    [InlineData(204, DeliveryOutcome.Delivered)]
    [InlineData(299, DeliveryOutcome.Delivered)]
    [InlineData(199, DeliveryOutcome.Failed)]
    [InlineData(300, DeliveryOutcome.Failed)]
    [InlineData(307, DeliveryOutcome.Failed)]
    [InlineData(400, DeliveryOutcome.Failed)]
    [InlineData(410, DeliveryOutcome.Failed)]
    [InlineData(429, DeliveryOutcome.Failed)]
    [InlineData(null, DeliveryOutcome.Failed)]
    public void Only_2xx_is_success(int? status, string outcome) =>
        Assert.Equal(outcome, After(0, Answered(status)).Outcome);

    /// <summary>Kept with 429 and 503, up to an hour; it prolongs a pause and shortens none.</summary>
    [Theory]
    [InlineData(429, 60, 60)]
    [InlineData(503, 60, 60)]
    [InlineData(503, 7_200, 3_600)]
    [InlineData(429, 1, 5)]
    [InlineData(500, 60, 5)]
    [InlineData(429, -60, 5)]
    [InlineData(429, null, 5)]
    public void An_endpoint_that_asks_to_be_left_alone_is(int status, int? asked, int seconds) => Assert.Equal(
        Now.AddSeconds(seconds), After(0, Answered(status, asked is { } s ? TimeSpan.FromSeconds(s) : null)).Next.DueAt);

    /// <summary>A timer takes no wait of two months, which the operator may set as a delay.</summary>
    [Theory]
    [InlineData(-3_600, 0)]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    [InlineData(86_400, 86_400)]
    [InlineData(86_401, 86_400)]
    [InlineData(2_160 * 3_600, 86_400)]
    public void What_is_due_in_months_is_looked_at_every_day(long dueIn, long seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), DeliverySchedule.Wait(Now.AddSeconds(dueIn), Now));

    [Fact]
    public void Whatever_is_answered_a_delivery_ends_after_its_attempts() =>
        Gen.Int[100, 599].Array[12].HoldsForAll(1_000, statuses =>
        {
            var delivery = new WaitingDelivery(1, "s", 0, Now, false);
            var made = 0;
            foreach (var status in statuses)
            {
                var (next, outcome) = DeliverySchedule.After(delivery, Answered(status), Delays, delivery.DueAt, 0.5);
                made++;
                Assert.Equal(made, next.Attempts);
                if (outcome != DeliveryOutcome.Failed)
                {
                    Assert.Equal(status is >= 200 and < 300, outcome == DeliveryOutcome.Delivered);
                    Assert.True(outcome == DeliveryOutcome.Delivered || made == Delays.Length);
                    return;
                }

                Assert.True(next.DueAt > delivery.DueAt);
                delivery = next;
            }

            Assert.Fail("it went on after its last attempt");
        });
}
