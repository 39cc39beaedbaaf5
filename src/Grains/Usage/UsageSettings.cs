namespace TokenActors.Grains.Usage;

/// <summary>What is kept of the uses of tokens.</summary>
/// <param name="IsKept">hours and networks are; without them only the time of the last use is</param>
public sealed record UsageSettings(bool IsKept)
{
    public static readonly UsageSettings Default = new(IsKept: true);
}
