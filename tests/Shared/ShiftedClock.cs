namespace TokenActors.Tests;

/// <summary>
/// The time of day, moved by hand. Timers and elapsed time stay those of the machine, so that only what compares times is driven, and
/// nothing that waits hangs.
/// </summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _shift));

    public void Advance(TimeSpan span) => Interlocked.Add(ref _shift, span.Ticks);
}
