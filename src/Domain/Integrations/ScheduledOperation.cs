using System.Collections.Frozen;
using System.Globalization;

namespace TokenActors.Domain.Integrations;

/// <summary>Operations that integrations can be told to run by themselves.</summary>
public static class ScheduledOperation
{
    private const int ShortestMinutes = 5;

    /// <summary>Between two executions of an operation, at least.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(ShortestMinutes);

    /// <summary>A hundred years, so that times can be counted.</summary>
    private const long LongestMinutes = 100L * 366 * 24 * 60;

    public static readonly FrozenSet<string> Ids =
    [
        "assets_query_devices", "assets_query_alerts", "assets_query_utilization",
        "assets_query_vulnerabilities", "cloudsecurity_query_cloud_resource_inventory",
        "cloudsecurity_query_compliance_findings", "cloudsecurity_query_events", "cloudsecurity_query_ioms",
        "cloudsecurity_query_threats", "edr_query_alerts", "edr_query_applications", "edr_query_endpoints",
        "edr_query_iocs", "edr_query_posture_score", "edr_query_threatevents", "identity_query_audit_log",
        "identity_query_groups", "identity_query_groups_enriched", "identity_query_users",
        "identity_query_users_enriched", "siem_query_events", "siem_query_investigations",
        "vulnerabilities_query_assets", "vulnerabilities_query_findings", "vulnerabilities_query_scans",
        "appsec_query_findings",
    ];

    private const int LongestBackfillMinutes = 366 * 24 * 60;

    /// <summary>Null where a while such as <c>7d</c> or <c>24h</c> is at most a year.</summary>
    public static string? ProblemWithBackfill(string period) =>
        Minutes(period) is not { } minutes || minutes > LongestBackfillMinutes
            ? "must be an RFC 3339 time, or a number and m, h or d of at most a year"
            : null;

    /// <summary>
    /// Null where a period such as <c>30m</c>, <c>4h</c> or <c>1d</c> is well formed and not too short.
    /// </summary>
    public static string? ProblemWith(string period)
    {
        if (Minutes(period) is not { } minutes)
        {
            return "must be a number and m, h or d";
        }

        return minutes < ShortestMinutes ? $"must be at least {ShortestMinutes}m" : null;
    }

    /// <summary>A period that was checked when it was stored.</summary>
    /// <exception cref="FormatException">it is none</exception>
    public static TimeSpan PeriodOf(string period) => ProblemWith(period) is null && Minutes(period) is { } minutes
        ? TimeSpan.FromMinutes(Math.Min(minutes, LongestMinutes))
        : throw new FormatException($"'{period}' is no period");

    private static long? Minutes(string period)
    {
        if (period.Length < 2 || period[^1] is not ('m' or 'h' or 'd')
            || !int.TryParse(period[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        // Counted in minutes, since a TimeSpan holds fewer hours than an int.
        long minutesInUnit = period[^1] switch
        {
            'm' => 1,
            'h' => 60,
            _ => 24 * 60,
        };
        return count * minutesInUnit;
    }
}
