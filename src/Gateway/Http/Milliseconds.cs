namespace TokenActors.Gateway.Http;

/// <summary>Times in milliseconds since 1970, as two of the APIs write them.</summary>
internal static class Milliseconds
{
    /// <summary>The year 2000. What lies before it was meant as seconds, and would end a secret at once.</summary>
    public static readonly long Earliest = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)
        .ToUnixTimeMilliseconds();
}
