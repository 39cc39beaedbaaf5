using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;

namespace TokenActors.Grains.Abstractions.Jobs;

/// <summary>Scheduled operations and what came of them. Stateless: any key will do, by custom <c>0</c>.</summary>
[Alias("TokenActors.IJobsGrain")]
public interface IJobsGrain : IGrainWithStringKey
{
    /// <summary>A page of an organization's scheduled operations. The request must be well formed.</summary>
    [AlwaysInterleave]
    [Alias("ListOperations")]
    Task<OperationPage> ListOperations(ListRequest request, CancellationToken cancellationToken = default);

    /// <summary>A page of an organization's executions. The request must be well formed.</summary>
    [AlwaysInterleave]
    [Alias("ListExecutions")]
    Task<ExecutionPage> ListExecutions(ExecutionListRequest request, CancellationToken cancellationToken = default);
}

/// <summary>Asks for a page of executions, by their beginning.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ExecutionListRequest")]
public sealed record ExecutionListRequest
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>1 to 500.</summary>
    [Id(1)] public required int Limit { get; init; }

    /// <summary>Id of the last execution seen.</summary>
    [Id(2)] public string? StartAfter { get; init; }

    /// <summary>Oldest first.</summary>
    [Id(3)] public bool Ascending { get; init; }

    /// <summary>As on the wire: <c>field[op]value</c>.</summary>
    [Id(4)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Whose rights apply. Null for the operator's own code.</summary>
    [Id(5)] public Caller? Caller { get; init; }
}

/// <summary>A page of operations; null where <c>start_after</c> names none.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.OperationPage")]
public sealed record OperationPage
{
    /// <summary>The operations.</summary>
    [Id(0)] public ImmutableArray<OperationView>? Operations { get; init; }
}

/// <summary>A page of executions; null where <c>start_after</c> names none.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ExecutionPage")]
public sealed record ExecutionPage
{
    /// <summary>The executions.</summary>
    [Id(0)] public ImmutableArray<ExecutionView>? Executions { get; init; }
}

/// <summary>A scheduled operation as it may be shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.OperationView")]
public sealed record OperationView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>When it was first scheduled.</summary>
    [Id(1)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed: each execution changes it twice.</summary>
    [Id(2)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The account of the integration.</summary>
    [Id(3)] public required Guid AccountId { get; init; }

    /// <summary>The integration.</summary>
    [Id(4)] public required Guid IntegrationId { get; init; }

    /// <summary>What is done, such as <c>siem_query_events</c>.</summary>
    [Id(5)] public required string Operation { get; init; }

    /// <summary>Filters as the schedule has them.</summary>
    [Id(6)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>A word of <see cref="Domain.Jobs.OperationStatus"/>.</summary>
    [Id(7)] public required string Status { get; init; }

    /// <summary>Why the last execution failed; null where it did not.</summary>
    [Id(8)] public string? Error { get; init; }

    /// <summary>Microseconds of all executions.</summary>
    [Id(9)] public required long CpuTime { get; init; }

    /// <summary>Bytes of all executions.</summary>
    [Id(10)] public required long InBytes { get; init; }
}

/// <summary>One execution, once it has ended.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ExecutionView")]
public sealed record ExecutionView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required string ExecutionId { get; init; }

    /// <summary>The operation.</summary>
    [Id(1)] public required string OperationId { get; init; }

    /// <summary>When it began.</summary>
    [Id(2)] public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(3)] public required DateTimeOffset CompletedAt { get; init; }

    /// <summary>The account of the integration.</summary>
    [Id(4)] public required string AccountId { get; init; }

    /// <summary>The integration.</summary>
    [Id(5)] public required string IntegrationId { get; init; }

    /// <summary>The integration point that the integration was made from.</summary>
    [Id(6)] public string? IntegrationPointId { get; init; }

    /// <summary>What was done.</summary>
    [Id(7)] public required string Operation { get; init; }

    /// <summary><c>SCHEDULED</c>.</summary>
    [Id(8)] public required string TriggerType { get; init; }

    /// <summary>Whose schedule it was.</summary>
    [Id(9)] public required string TriggerSource { get; init; }

    /// <summary><c>COMPLETE</c>, or <c>CANCELLED</c> with an error.</summary>
    [Id(10)] public required string Status { get; init; }

    /// <summary>How many records were read.</summary>
    [Id(11)] public required long RecordsProcessed { get; init; }

    /// <summary>In microseconds.</summary>
    [Id(12)] public required long CpuTime { get; init; }

    /// <summary>Bytes that were read.</summary>
    [Id(13)] public required long InBytes { get; init; }

    /// <summary>Where it began.</summary>
    [Id(14)] public string? InitialCursor { get; init; }

    /// <summary>Where it got to.</summary>
    [Id(15)] public string? FinalCursor { get; init; }

    /// <summary>Why it did not come to its end.</summary>
    [Id(16)] public string? Error { get; init; }
}
