namespace TokenActors.Storage.Usage;

/// <summary>
/// Tokens of the whole service that need somebody's eye. Those that end are counted as notices are given: no sessions,
/// and none whose whole life is shorter than the time it is counted for.
/// </summary>
/// <param name="EndsWithinDay">live tokens whose life ends within 24 hours</param>
/// <param name="EndsWithinWeek">within 7 days</param>
/// <param name="EndsWithinMonth">within 30 days</param>
/// <param name="Unused">live tokens that were made more than 90 days ago and not used since</param>
public sealed record TokenCensus(long EndsWithinDay, long EndsWithinWeek, long EndsWithinMonth, long Unused);
