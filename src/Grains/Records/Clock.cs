namespace TokenActors.Grains.Records;

/// <summary>
/// The service's time of day. A type of its own beside <see cref="TimeProvider"/>, since Orleans takes that one from the same container
/// for its own timers, which nobody may drive.
/// </summary>
public sealed class Clock(TimeProvider inner) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
