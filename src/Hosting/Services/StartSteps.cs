using Microsoft.Extensions.Logging;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Hosting.Services;

/// <summary>Steps of a start that may take long: a busy machine, a locked table, another's migration.</summary>
internal sealed partial class StartSteps(ILogger<StartSteps> logger)
{
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RepeatedAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatedFor = TimeSpan.FromMinutes(3);

    private readonly ILogger _logger = logger;

    /// <summary>The machine's own, since a start waits for others; tests drive theirs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Awaits a step, and says every few seconds what the start waits for.</summary>
    public async Task<T> Wait<T>(string what, Task<T> step)
    {
        while (true)
        {
            try
            {
                return await step.WaitAsync(SaidEvery, Time);
            }
            catch (TimeoutException) when (!step.IsCompleted)
            {
                LogWaiting(what);
            }
            catch (TimeoutException e)
            {
                throw new InvalidOperationException($"The start gave up waiting for {what}. {e.Message}", e);
            }
        }
    }

    /// <summary>Repeats a step whose calls were not answered in time, and says what the start waits for.</summary>
    public async Task<T> Repeat<T>(string what, Func<Task<T>> step, CancellationToken stopping)
    {
        var began = Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await step();
            }
            catch (Exception e) when (e is TimeoutException or ServiceUnavailableException or StorageUnavailableException)
            {
                if (Time.GetElapsedTime(began) > RepeatedFor)
                {
                    throw new InvalidOperationException($"The start gave up waiting for {what}. {e.Message}", e);
                }

                LogWaiting(what);
                await Task.Delay(RepeatedAfter, Time, stopping);
            }
        }
    }

    [LoggerMessage(3502, LogLevel.Warning, "The start waits for {What}")]
    private partial void LogWaiting(string what);
}
