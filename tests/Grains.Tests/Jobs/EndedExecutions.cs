using System.Collections.Concurrent;
using TokenActors.Grains.Jobs;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Tests.Jobs;

/// <summary>Executions that were told of.</summary>
public sealed class EndedExecutions : IExecutionListener
{
    public ConcurrentBag<Execution> All { get; } = [];

    public Task Ended(Execution execution)
    {
        All.Add(execution);
        return Task.CompletedTask;
    }
}
