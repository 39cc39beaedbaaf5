namespace TokenActors.Grains.Foundation;

internal static class Tasks
{
    /// <summary>Lets a call run on without its caller. Its failure is seen where the call runs, and a reminder repeats the work.</summary>
    public static void Forget(this Task task) =>
        task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
