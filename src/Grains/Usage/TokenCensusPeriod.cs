namespace TokenActors.Grains.Usage;

/// <summary>How often the service's tokens are counted.</summary>
public static class TokenCensusPeriod
{
    /// <summary>A count looks at every token that is due within a month and at every one that was not used for long.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(5);
}
