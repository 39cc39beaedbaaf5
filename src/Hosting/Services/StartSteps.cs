using System.Data.Common;
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
        try
        {
            return await Told(what, step);
        }
        catch (TimeoutException e)
        {
            throw GaveUp(what, e);
        }
    }

    /// <summary>
    /// The same of a step that is begun again where its calls were not answered in time, for three minutes.
    /// </summary>
    /// <param name="what">the step waits for</param>
    /// <param name="step">may be begun again after a failure</param>
    /// <param name="stopping">gives up waiting</param>
    /// <param name="isOutage">which of the database's errors say that it did not answer; null: none</param>
    public async Task<T> Repeat<T>(
        string what, Func<Task<T>> step, CancellationToken stopping, Func<DbException, bool>? isOutage = null)
    {
        var began = Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await Told(what, step());
            }
            catch (Exception e) when (e is TimeoutException or ServiceUnavailableException or StorageUnavailableException
                || (e is DbException error && isOutage?.Invoke(error) == true))
            {
                if (Time.GetElapsedTime(began) > RepeatedFor)
                {
                    throw GaveUp(what, e);
                }

                LogWaiting(what);
                await Task.Delay(RepeatedAfter, Time, stopping);
            }
        }
    }

    private async Task<T> Told<T>(string what, Task<T> step)
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
        }
    }

    private static InvalidOperationException GaveUp(string what, Exception cause) =>
        new($"The start gave up waiting for {what}. {cause.Message}", cause);

    [LoggerMessage(3502, LogLevel.Warning, "The start waits for {What}")]
    private partial void LogWaiting(string what);
}
