using System.Text.Json.Serialization;
using TokenActors.Domain.Integrations;

namespace TokenActors.Gateway.Management.IntegrationPoints;

/// <summary>One of <c>scheduled_operations</c> in a body, for the document; it is kept as it was given.</summary>
/// <param name="Operation">such as <c>siem_query_events</c>; any that the provider's category has</param>
/// <param name="Enabled">whether it runs</param>
/// <param name="Frequency">when it runs</param>
/// <param name="Filters">that each execution is asked with</param>
/// <param name="BackfillFromTime">how far the first execution goes back: an RFC 3339 time, or a while such as
/// <c>7d</c></param>
/// <param name="IncrementalConfig">what each execution reads</param>
internal sealed record OperationScheduleRequest(
    string Operation, bool Enabled, OperationFrequency Frequency, IReadOnlyList<string>? Filters,
    string? BackfillFromTime, IncrementalConfig? IncrementalConfig);

/// <summary>When an operation runs; never twice within five minutes.</summary>
/// <param name="Type"><c>periodic</c>; or <c>cron</c>, which is an addition of this service</param>
/// <param name="Value">
/// of <c>periodic</c> a number and m, h or d, such as <c>4h</c>; of <c>cron</c> five fields in UTC (minute, hour, day
/// of month, month, day of week), such as <c>30 4 * * MON-FRI</c>
/// </param>
internal sealed record OperationFrequency(OperationFrequencyType Type, string Value);

[JsonConverter(typeof(JsonStringEnumConverter<OperationFrequencyType>))]
internal enum OperationFrequencyType
{
    [JsonStringEnumMemberName(OperationSchedule.PeriodicType)]
    Periodic,

    [JsonStringEnumMemberName(OperationSchedule.CronType)]
    Cron,
}

/// <summary>What each execution reads.</summary>
/// <param name="Mode"><c>incremental</c>: what came since the last one; <c>full_snapshot</c>: everything</param>
/// <param name="TimeFilterField">the field that says when a record came</param>
internal sealed record IncrementalConfig(string Mode, string? TimeFilterField);
