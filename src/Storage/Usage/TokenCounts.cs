namespace TokenActors.Storage.Usage;

/// <summary>Live tokens of one kind in one state, and how many of them need somebody's eye.</summary>
/// <param name="Kind">as lists name it</param>
/// <param name="State"><c>active</c>, <c>disabled</c> or <c>expired</c></param>
/// <param name="Tokens">how many</param>
/// <param name="EndsWithinDay">of them, those whose life ends within 24 hours</param>
/// <param name="EndsWithinWeek">within 7 days</param>
/// <param name="EndsWithinMonth">within 30 days</param>
/// <param name="Unused">those made more than 90 days ago and not used since</param>
/// <param name="WithSecondary">those whose former pair is still kept</param>
public sealed record TokenCounts(
    string Kind, string State, long Tokens, long EndsWithinDay, long EndsWithinWeek, long EndsWithinMonth, long Unused,
    long WithSecondary);
