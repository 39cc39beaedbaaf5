using System.Globalization;
using TokenActors.Grains.Abstractions.Jobs;

namespace TokenActors.Grains.Jobs;

/// <summary>
/// The executor of mock providers, which have nothing behind them: each execution reads as many records as the
/// operation's name has letters, and its cursor counts them.
/// </summary>
[GrainType(Type)]
public sealed class MockExecutorGrain : Grain, IOperationExecutorGrain
{
    public const string Type = "executor.mock";

    private const int BytesOfRecord = 100;

    public Task<ExecutedOperation> Execute(ExecuteOperation command, CancellationToken cancellationToken)
    {
        var records = command.Operation.Length;
        var before = long.TryParse(command.Cursor, CultureInfo.InvariantCulture, out var seen) ? seen : 0;
        return Task.FromResult(new ExecutedOperation
        {
            RecordsProcessed = records,
            InBytes = records * BytesOfRecord,
            CpuTime = TimeSpan.FromMicroseconds(records),
            Cursor = (before + records).ToString(CultureInfo.InvariantCulture),
        });
    }
}
