using System.Collections.Immutable;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.Jobs;

/// <summary>
/// Executes the scheduled operations of one provider. Implemented by whoever talks to it, in any silo of the cluster,
/// as a grain of the type <c>executor.&lt;provider id&gt;</c>, such as <c>[GrainType("executor.siem_splunk")]</c>; its
/// key is the operation's id. The mock providers have one here.
/// </summary>
[Alias("TokenActors.IOperationExecutorGrain")]
public interface IOperationExecutorGrain : IGrainWithStringKey
{
    /// <summary>
    /// Executes an operation once, from where the last execution got to. It is asked again after a crash with the same
    /// cursor and another execution id. It has to answer within its time (<see cref="ExecuteOperation.AnswerWithin"/>):
    /// what answers later, or throws, has failed.
    /// </summary>
    [Alias("Execute")]
    Task<ExecutedOperation> Execute(ExecuteOperation command, CancellationToken cancellationToken = default);
}

/// <summary>Asks for one execution.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ExecuteOperation")]
public sealed record ExecuteOperation
{
    /// <summary>Id of this execution, as the history shows it.</summary>
    [Id(0)] public required Guid ExecutionId { get; init; }

    /// <summary>Id of the operation.</summary>
    [Id(1)] public required Guid OperationId { get; init; }

    /// <summary>The organization.</summary>
    [Id(2)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The account of the integration.</summary>
    [Id(3)] public required Guid AccountId { get; init; }

    /// <summary>The integration.</summary>
    [Id(4)] public required Guid IntegrationId { get; init; }

    /// <summary>What to do, such as <c>siem_query_events</c>.</summary>
    [Id(5)] public required string Operation { get; init; }

    /// <summary>The integration's configuration as a JSON object; secrets stand in credentials.</summary>
    [Id(6)] public required string ProviderConfig { get; init; }

    /// <summary>Filters as the schedule has them.</summary>
    [Id(7)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>
    /// Where the last execution got to. Null: nothing was read yet, or everything is to be read.
    /// </summary>
    [Id(8)] public string? Cursor { get; init; }

    /// <summary>Without a cursor: how far back to go, a time or a while such as <c>7d</c>. Null: everything.</summary>
    [Id(9)] public string? BackfillFrom { get; init; }

    /// <summary>The time that the execution has.</summary>
    [Id(10)] public required TimeSpan AnswerWithin { get; init; }
}

/// <summary>What an execution came to.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ExecutedOperation")]
public sealed record ExecutedOperation
{
    /// <summary>How many records were read.</summary>
    [Id(0)] public required long RecordsProcessed { get; init; }

    /// <summary>How many bytes were read.</summary>
    [Id(1)] public long InBytes { get; init; }

    /// <summary>Processor time that it took.</summary>
    [Id(2)] public TimeSpan CpuTime { get; init; }

    /// <summary>Where it got to, at most 1,000 characters. Null: where it began.</summary>
    [Id(3)] public string? Cursor { get; init; }

    /// <summary>Why it did not come to its end; null where it did.</summary>
    [Id(4)] public string? Error { get; init; }
}
