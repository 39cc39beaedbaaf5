namespace TokenActors.Grains.Foundation;

/// <summary>Tasks that a caller does not wait for, or not to their end.</summary>
internal static class Tasks
{
    /// <summary>
    /// Waits for a read until its caller leaves. Storage takes no token, so the read runs to its end, and nobody
    /// hears of its outcome.
    /// </summary>
    public static Task<T> UntilCanceled<T>(this Task<T> read, CancellationToken cancellationToken)
    {
        if (read.IsCompleted || !cancellationToken.CanBeCanceled)
        {
            return read;
        }

        read.Forget();
        return read.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Lets a call run on without its caller. Its failure is seen where the call runs, and a reminder repeats the
    /// work.
    /// </summary>
    public static void Forget(this Task task) =>
        task.ContinueWith(
            static t => t.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default);
}
