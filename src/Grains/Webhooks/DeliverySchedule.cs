using TokenActors.Storage.Outbox;

namespace TokenActors.Grains.Webhooks;

/// <summary>When a delivery is attempted again, and when it is given up.</summary>
internal static class DeliverySchedule
{
    /// <summary>An endpoint that asks for more is asked again after so long.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>No timer waits for longer than weeks, and a delay of the operator's own may be months.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>A tenth of a delay more or less, so that what failed together is not tried again together.</summary>
    private const double Jitter = 0.1;

    /// <summary>What becomes of a delivery after an attempt.</summary>
    /// <param name="delivery">as it was before the attempt</param>
    /// <param name="result">of the attempt</param>
    /// <param name="delays">of the schedule</param>
    /// <param name="now">when the attempt ended</param>
    /// <param name="random">0 to 1</param>
    public static (WaitingDelivery Next, string Outcome) After(
        WaitingDelivery delivery, AttemptResult result, IReadOnlyList<TimeSpan> delays, DateTimeOffset now,
        double random)
    {
        var attempts = delivery.Attempts + 1;
        var next = delivery with { Attempts = attempts, HasLog = true };
        if (result.IsSuccess)
        {
            return (next, DeliveryOutcome.Delivered);
        }

        if (attempts >= delays.Count)
        {
            return (next, DeliveryOutcome.GivenUp);
        }

        var delay = delays[attempts] * (1 - Jitter + (2 * Jitter * random));
        return (next with { DueAt = now + Longer(delay, Asked(result)) }, DeliveryOutcome.Failed);
    }

    /// <summary>In how long to look at what is due at a time, or before that: whoever looks then waits again.</summary>
    public static TimeSpan Wait(DateTimeOffset due, DateTimeOffset now) =>
        new(Math.Clamp((due - now).Ticks, 0, LongestWait.Ticks));

    /// <summary>For how long an endpoint wants to be left alone.</summary>
    public static TimeSpan Asked(AttemptResult result) =>
        result is { Status: 429 or 503, RetryAfter: { } asked } && asked > TimeSpan.Zero
            ? new TimeSpan(Math.Min(asked.Ticks, LongestRetryAfter.Ticks))
            : TimeSpan.Zero;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
