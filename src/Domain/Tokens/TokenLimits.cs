namespace TokenActors.Domain.Tokens;

/// <summary>How often a token is accepted; what is null is not limited.</summary>
/// <param name="Uses">how often in all</param>
/// <param name="PerSecond">how often a second, in each gateway process</param>
/// <param name="Burst">how often at once; null: twice <paramref name="PerSecond"/></param>
public sealed record TokenLimits(long? Uses, int? PerSecond, int? Burst)
{
    public const long MostUses = 1_000_000_000_000;
    public const int MostPerSecond = 100_000;
    public const int LargestBurst = 1_000_000;

    /// <summary>How many uses are written ahead at most.</summary>
    public const int LargestBlock = 64;

    public static readonly TokenLimits None = new(null, null, null);

    public bool IsNone => Uses is null && PerSecond is null && Burst is null;

    public bool IsWithinBounds =>
        Uses is null or (>= 1 and <= MostUses) && PerSecond is null or (>= 1 and <= MostPerSecond)
        && (Burst is null || (PerSecond is not null && Burst is >= 1 and <= LargestBurst));

    /// <summary>Limits at least as much as another.</summary>
    public bool IsWithin(TokenLimits other) =>
        IsAtMost(Uses, other.Uses) && IsAtMost(PerSecond, other.PerSecond)
            && IsAtMost(BurstOrDefault, other.BurstOrDefault);

    /// <summary>
    /// How many uses are written ahead at once: a tenth of what is left, so that few are lost with a process and few
    /// writes are needed.
    /// </summary>
    public static long BlockOf(long left) => Math.Max(1, Math.Min(LargestBlock, left / 10));

    private long? BurstOrDefault => Burst ?? 2L * PerSecond;

    private static bool IsAtMost(long? mine, long? others) => others is null || mine <= others;
}
