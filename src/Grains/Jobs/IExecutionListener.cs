using TokenActors.Storage.Records;

namespace TokenActors.Grains.Jobs;

/// <summary>
/// Hears of every execution that has ended, once it is in the history: here <c>operation.complete</c> is published.
/// It may hear of one twice, after a crash. One that throws is asked again with the next tick of the operation.
/// </summary>
public interface IExecutionListener
{
    Task Ended(Execution execution);
}
