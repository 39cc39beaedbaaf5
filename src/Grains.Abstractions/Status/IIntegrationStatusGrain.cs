using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Status;

/// <summary>
/// What integrations are used for. Key: <c>0</c>. What is counted is up to a minute late, and a kill of a silo loses as
/// much. Whether a caller may ask is the asker's to check.
/// </summary>
[Alias("TokenActors.IIntegrationStatusGrain")]
public interface IIntegrationStatusGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds what a connector did for an integration since its last report. False where there is no such integration.
    /// </summary>
    [Alias("Report")]
    Task<bool> Report(IntegrationReport report, CancellationToken cancellationToken = default);

    /// <summary>
    /// What some integrations of an organization came to since their last reset; those that were never used are left
    /// out.
    /// </summary>
    [Alias("Totals")]
    Task<ImmutableArray<IntegrationTotals>> Totals(
        OrganizationId organization, ImmutableArray<Guid> integrations, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins the totals of an integration anew, audited. What other silos counted in the last minute may still be
    /// added.
    /// </summary>
    [Alias("Reset")]
    Task Reset(ResetIntegrationStatus command, CancellationToken cancellationToken = default);

    /// <summary>Refusals and errors of an integration by time, of 35 days; so many an hour at most.</summary>
    [Alias("Events")]
    Task<ImmutableArray<IntegrationEvent>> Events(
        IntegrationEventsRequest request, CancellationToken cancellationToken = default);

    /// <summary>The last 24 hours, the one that has begun last; of an integration, or of the whole
    /// organization.</summary>
    [Alias("LastDay")]
    Task<ImmutableArray<IntegrationHour>> LastDay(
        OrganizationId organization, Guid? integration, CancellationToken cancellationToken = default);
}

/// <summary>What is counted.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationCounts")]
public sealed record IntegrationCounts
{
    /// <summary>Requests, those that failed among them.</summary>
    [Id(0)] public long Requests { get; init; }

    /// <summary>Requests that failed.</summary>
    [Id(1)] public long Failed { get; init; }

    /// <summary>Microseconds.</summary>
    [Id(2)] public long CpuTime { get; init; }

    /// <summary>Operations on a database.</summary>
    [Id(3)] public long DbOps { get; init; }

    /// <summary>Calls of the provider.</summary>
    [Id(4)] public long ApiOps { get; init; }

    /// <summary>Bytes received.</summary>
    [Id(5)] public long InBytes { get; init; }

    /// <summary>Bytes sent.</summary>
    [Id(6)] public long OutBytes { get; init; }
}

/// <summary>An error that a connector met.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationError")]
public sealed record IntegrationError
{
    /// <summary>What it was, in up to 100 characters.</summary>
    [Id(0)] public required string Status { get; init; }

    /// <summary>More of it, up to 1,024 characters.</summary>
    [Id(1)] public string? Error { get; init; }
}

/// <summary>What a connector did for an integration since its last report.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationReport")]
public sealed record IntegrationReport
{
    /// <summary>The integration's organization.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The integration.</summary>
    [Id(1)] public required Guid IntegrationId { get; init; }

    /// <summary>
    /// What is added. Uses of the integration's token that the service itself verified are counted already.
    /// </summary>
    [Id(2)] public required IntegrationCounts Counts { get; init; }

    /// <summary>Errors, which are told as events and counted nowhere.</summary>
    [Id(3)] public ImmutableArray<IntegrationError> Errors { get; init; } = [];
}

/// <summary>What an integration came to since its last reset.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationTotals")]
public sealed record IntegrationTotals
{
    /// <summary>The integration.</summary>
    [Id(0)] public required Guid IntegrationId { get; init; }

    /// <summary>When something was counted last, or reset.</summary>
    [Id(1)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The sums.</summary>
    [Id(2)] public required IntegrationCounts Counts { get; init; }
}

/// <summary>Begins the totals of an integration anew.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ResetIntegrationStatus")]
public sealed record ResetIntegrationStatus
{
    /// <summary>Command id, caller, origin.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>The integration's organization.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The integration's account.</summary>
    [Id(2)] public required Guid AccountId { get; init; }

    /// <summary>The integration.</summary>
    [Id(3)] public required Guid IntegrationId { get; init; }
}

/// <summary>Asks for a page of an integration's events.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationEventsRequest")]
public sealed record IntegrationEventsRequest
{
    /// <summary>The integration.</summary>
    [Id(0)] public required Guid IntegrationId { get; init; }

    /// <summary>1 to 1000.</summary>
    [Id(1)] public required int Limit { get; init; }

    /// <summary>The time of the last event seen, RFC 3339; null for the first page.</summary>
    [Id(2)] public string? StartAfter { get; init; }

    /// <summary>Latest first.</summary>
    [Id(3)] public bool Descending { get; init; }

    /// <summary>Filters as the wire has them, already checked.</summary>
    [Id(4)] public ImmutableArray<string> Filters { get; init; } = [];
}

/// <summary>A refusal or an error of an integration.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationEvent")]
public sealed record IntegrationEvent
{
    /// <summary>When; no two of one integration are of one microsecond.</summary>
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>What it was: the reason of a refusal, or what a connector calls it.</summary>
    [Id(1)] public required string Status { get; init; }

    /// <summary>More of it.</summary>
    [Id(2)] public string? Error { get; init; }

    /// <summary>How many requests of the integration had been counted.</summary>
    [Id(3)] public required long Request { get; init; }
}

/// <summary>What was counted in an hour.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntegrationHour")]
public sealed record IntegrationHour
{
    /// <summary>Its first instant.</summary>
    [Id(0)] public required DateTimeOffset Start { get; init; }

    /// <summary>The sums; zeros where nothing was counted.</summary>
    [Id(1)] public required IntegrationCounts Counts { get; init; }
}
