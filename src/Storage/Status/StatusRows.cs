namespace TokenActors.Storage.Status;

/// <summary>What is counted of an integration. CPU time is in microseconds.</summary>
public readonly record struct StatusCounts(
    long Requests, long Failed, long CpuTime, long DbOps, long ApiOps, long InBytes, long OutBytes)
{
    /// <summary>
    /// What no count passes, in memory or in the database: sums of the hours of eight thousand integrations are numbers
    /// of 64 bits still.
    /// </summary>
    public const long Most = 1L << 50;

    /// <summary>The sums, each of which stops at <see cref="Most"/>.</summary>
    public StatusCounts Add(StatusCounts other) => new(
        Sum(Requests, other.Requests), Sum(Failed, other.Failed), Sum(CpuTime, other.CpuTime), Sum(DbOps, other.DbOps),
        Sum(ApiOps, other.ApiOps), Sum(InBytes, other.InBytes), Sum(OutBytes, other.OutBytes));

    /// <summary>Each count between zero and <see cref="Most"/>.</summary>
    public StatusCounts Clamp() => new StatusCounts().Add(this);

    private static long Sum(long one, long other) =>
        Math.Clamp(one, 0, Most) + Math.Clamp(other, 0, Most - Math.Clamp(one, 0, Most));
}

/// <summary>What came to be of an integration since it was last written.</summary>
/// <param name="OrganizationId">its organization</param>
/// <param name="IntegrationId">the integration</param>
/// <param name="Hour">in which hour; its first microsecond</param>
/// <param name="At">when it was counted last</param>
/// <param name="Counts">what is added</param>
public sealed record StatusUse(
    string OrganizationId, string IntegrationId, DateTimeOffset Hour, DateTimeOffset At, StatusCounts Counts);

/// <summary>What an integration came to since its last reset.</summary>
public sealed record StatusTotals(string IntegrationId, DateTimeOffset UpdatedAt, StatusCounts Counts);

/// <summary>What was counted in one hour.</summary>
public sealed record StatusHourRow(DateTimeOffset Hour, StatusCounts Counts);

/// <summary>A refusal or an error of an integration.</summary>
/// <param name="IntegrationId">the integration</param>
/// <param name="At">when; no two of one integration are of one microsecond</param>
/// <param name="Status">what it was, in a word</param>
/// <param name="Error">more of it</param>
/// <param name="Request">how many requests were counted until then; set as it is written</param>
public sealed record StatusEventRow(
    string IntegrationId, DateTimeOffset At, string Status, string? Error, long Request = 0);
