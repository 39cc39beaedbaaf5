using TokenActors.Grains.Abstractions.Jobs;

namespace TokenActors.Grains.Tests.Jobs;

/// <summary>An executor of another service that never answers.</summary>
[GrainType("executor.siem_hanging")]
public sealed class HangingExecutor : Grain, IOperationExecutorGrain
{
    public Task<ExecutedOperation> Execute(ExecuteOperation command, CancellationToken cancellationToken) =>
        Task.Delay(Timeout.Infinite, CancellationToken.None).ContinueWith(
            _ => new ExecutedOperation { RecordsProcessed = 0 }, TaskScheduler.Default);
}

/// <summary>One that throws.</summary>
[GrainType("executor.siem_throwing")]
public sealed class ThrowingExecutor : Grain, IOperationExecutorGrain
{
    public Task<ExecutedOperation> Execute(ExecuteOperation command, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("the provider's password is hunter2");
}

/// <summary>One that says what went wrong.</summary>
[GrainType("executor.siem_telling")]
public sealed class TellingExecutor : Grain, IOperationExecutorGrain
{
    public Task<ExecutedOperation> Execute(ExecuteOperation command, CancellationToken cancellationToken) =>
        Task.FromResult(
            new ExecutedOperation { RecordsProcessed = 3, Cursor = "half", Error = "The provider said 429." });
}

/// <summary>One whose cursor does not end.</summary>
[GrainType("executor.siem_talking")]
public sealed class TalkingExecutor : Grain, IOperationExecutorGrain
{
    public Task<ExecutedOperation> Execute(ExecuteOperation command, CancellationToken cancellationToken) =>
        Task.FromResult(new ExecutedOperation { RecordsProcessed = 3, Cursor = new string('x', 2000) });
}
