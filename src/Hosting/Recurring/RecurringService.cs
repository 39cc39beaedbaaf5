using Microsoft.Extensions.Hosting;

namespace TokenActors.Hosting.Recurring;

/// <summary>
/// Does something again and again from the start of the host to its end. Where it fails it is tried again the next
/// time, and whoever runs the host is told of the first failure of a row: the process does more than this, and does not
/// end for it.
/// </summary>
/// <param name="host">nothing is done before it has started</param>
/// <param name="every">from one time to the next</param>
/// <param name="atOnce">the first time is the start; else it is one period later</param>
/// <param name="clock">by which the period is; null: the machine's</param>
public abstract class RecurringService(
    IHostApplicationLifetime host, TimeSpan every, bool atOnce = false, TimeProvider? clock = null) : BackgroundService
{
    private bool _isLate;

    /// <summary>Once.</summary>
    protected abstract Task Run(CancellationToken stopping);

    /// <summary>Says that it failed, and when it is tried again.</summary>
    protected abstract void LogLater(Exception exception);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // A grain that is called before the silo has started holds up the start; a client knows no grain before it
            // is connected.
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var starting = host.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            using var timer = new PeriodicTimer(every, clock ?? TimeProvider.System);
            if (atOnce)
            {
                await Try(stoppingToken);
            }

            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Try(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task Try(CancellationToken stopping)
    {
        try
        {
            await Run(stopping);
            _isLate = false;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            if (!_isLate && !stopping.IsCancellationRequested)
            {
                LogLater(e);
            }

            _isLate = true;
        }
    }
}
