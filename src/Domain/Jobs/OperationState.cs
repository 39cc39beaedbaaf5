using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Jobs;

/// <summary>
/// A scheduled operation of an integration, as stored. Property names are part of the stored form: add, never rename.
/// </summary>
public sealed record OperationState
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required Guid AccountId { get; init; }

    public required Guid IntegrationId { get; init; }

    public Guid? IntegrationPointId { get; init; }

    /// <summary>Such as <c>siem_query_events</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>JSON without a field sets its type's default, not this one.</summary>
    public ImmutableArray<string> Filters { get; init => field = value.IsDefault ? [] : value; } = [];

    public string Status { get; init => field = value ?? OperationStatus.Scheduled; } = OperationStatus.Scheduled;

    /// <summary>Zero where <see cref="Cron"/> says when.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>A cron expression, in UTC; null where it runs by <see cref="Period"/>.</summary>
    public string? Cron { get; init; }

    /// <summary>When it runs next; null while it is disabled.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>
    /// When the integration is asked for its schedule, because a change of it was announced and not told to be done.
    /// </summary>
    public DateTimeOffset? CheckAt { get; init; }

    /// <summary>The execution that is under way.</summary>
    public RunningExecution? Running { get; init; }

    /// <summary>Where the last execution got to.</summary>
    public string? Cursor { get; init; }

    /// <summary>Why the last execution did not come to its end; null where it did.</summary>
    public string? Error { get; init; }

    /// <summary>Microseconds of all executions.</summary>
    public long CpuTime { get; init; }

    /// <summary>Of all executions.</summary>
    public long InBytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>When its reminder has to tick; null where it has nothing to wait for.</summary>
    [JsonIgnore]
    public DateTimeOffset? DueAt
    {
        get
        {
            var run = Running?.GivenUpAt ?? NextAt;
            return CheckAt is { } check && !(run < check) ? check : run;
        }
    }
}

/// <summary>An execution that has begun.</summary>
/// <param name="Id">its id</param>
/// <param name="StartedAt">when it began</param>
/// <param name="GivenUpAt">from when on it is taken for dead, because its silo is</param>
public sealed record RunningExecution(Guid Id, DateTimeOffset StartedAt, DateTimeOffset GivenUpAt);

/// <summary>The words of the wire.</summary>
public static class OperationStatus
{
    public const string Scheduled = "SCHEDULED";
    public const string Processing = "PROCESSING";
    public const string Disabled = "DISABLED";

    /// <summary>Of an execution that came to its end.</summary>
    public const string Complete = "COMPLETE";

    /// <summary>Of an execution that failed or was given up; its error says why.</summary>
    public const string Cancelled = "CANCELLED";
}
