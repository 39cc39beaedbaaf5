namespace TokenActors.Domain.Time;

/// <summary>
/// Times as they are stored and shown: UTC, whole microseconds (what PostgreSQL and JSON clients keep without loss).
/// </summary>
public static class Instant
{
    /// <summary>The expiry of what never expires: the last day that all databases and clients can write.</summary>
    public static readonly DateTimeOffset Forever = new(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset CutToMicroseconds(this DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }

    /// <summary>Adds without overflow: what would lie after <see cref="Forever"/> is <see cref="Forever"/>.</summary>
    public static DateTimeOffset PlusCapped(this DateTimeOffset time, TimeSpan span) =>
        span >= Forever - time ? Forever : time + span;

    public static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    public static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
