namespace TokenActors.Storage.Databases;

/// <summary>Times are stored as microseconds since 1970-01-01 UTC, the same number in every database.</summary>
internal static class Times
{
    private static readonly long First = Micros(DateTimeOffset.MinValue);
    private static readonly long Last = Micros(DateTimeOffset.MaxValue);

    public static long Micros(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long? Micros(DateTimeOffset? time) => time is { } t ? Micros(t) : null;

    /// <summary>
    /// What no time has, which only another hand can have written, is the first or the last time: its row is read, and
    /// its code says that it was changed.
    /// </summary>
    public static DateTimeOffset OfMicros(long micros) => DateTimeOffset.UnixEpoch.AddTicks(
        Math.Clamp(micros, First, Last) * TimeSpan.TicksPerMicrosecond);
}
