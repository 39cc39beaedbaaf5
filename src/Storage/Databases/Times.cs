namespace TokenActors.Storage.Databases;

/// <summary>Times are stored as microseconds since 1970-01-01 UTC, the same number in every database.</summary>
internal static class Times
{
    public static long Micros(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long? Micros(DateTimeOffset? time) => time is { } t ? Micros(t) : null;

    public static DateTimeOffset OfMicros(long micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
