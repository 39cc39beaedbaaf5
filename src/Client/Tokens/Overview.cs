using System.Text.Json.Serialization;

namespace TokenActors.Client.Tokens;

/// <summary>The tokens of an organization at a glance: those that are not deleted.</summary>
/// <param name="At">when they were counted, up to half a minute ago</param>
/// <param name="Tokens">how many</param>
/// <param name="Kinds">how many of each kind</param>
/// <param name="States">how many are <c>active</c>, <c>disabled</c> and <c>expired</c></param>
/// <param name="EndsWithinDay">those whose life ends within 24 hours</param>
/// <param name="EndsWithinWeek">within 7 days</param>
/// <param name="EndsWithinMonth">within 30 days</param>
/// <param name="Unused">those made more than 90 days ago and not used since</param>
/// <param name="WithSecondary">those whose former pair is still kept</param>
/// <param name="Complete">false: there are more than were counted</param>
public sealed record Overview(
    DateTimeOffset At, int Tokens, IReadOnlyDictionary<string, int> Kinds, IReadOnlyDictionary<string, int> States,
    [property: JsonPropertyName("ends_within_24h")] int EndsWithinDay,
    [property: JsonPropertyName("ends_within_7d")] int EndsWithinWeek,
    [property: JsonPropertyName("ends_within_30d")] int EndsWithinMonth,
    [property: JsonPropertyName("unused_90d")] int Unused, int WithSecondary, bool Complete);
