using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Jobs;

namespace TokenActors.Grains.Jobs;

/// <summary>An operation that an integration has, or is about to have.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ExpectedOperation")]
public sealed record ExpectedOperation
{
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    [Id(1)] public required Guid AccountId { get; init; }

    [Id(2)] public required Guid IntegrationId { get; init; }

    [Id(3)] public required string Operation { get; init; }
}

/// <summary>
/// One scheduled operation. Key: its id. Its integration announces every change of the schedule before it commits, and
/// tells of it after; where a crash comes between, the operation asks for itself.
/// </summary>
[Alias("TokenActors.IScheduledOperationGrain")]
public interface IScheduledOperationGrain : IGrainWithStringKey
{
    /// <summary>A change of the schedule is about to be committed. Durable before it is answered.</summary>
    [Alias("Expect")]
    Task Expect(ExpectedOperation operation);

    /// <summary>Takes the schedule over from the integration; ends the operation where that has it no more.</summary>
    [Alias("Settle")]
    Task Settle();

    /// <summary>
    /// Runs an execution that has begun. Called by the grain itself; others are answered meanwhile.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Run")]
    Task Run(Guid execution);

    /// <summary>Notes what an execution came to. Called by the grain itself; repeating changes nothing.</summary>
    [Alias("Finish")]
    Task Finish(Guid execution, ExecutedOperation outcome, string? error);
}
