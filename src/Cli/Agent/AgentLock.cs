using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Agent;

/// <summary>Admits one agent a credential: two would refresh past each other, which looks like theft.</summary>
internal interface IAgentLock
{
    /// <summary>Waits for its turn, and runs while it lasts.</summary>
    /// <param name="run">is ended where the lock is lost</param>
    /// <param name="cancellation">ends the waiting, and what runs</param>
    Task Hold(Func<CancellationToken, Task> run, CancellationToken cancellation);
}

/// <summary>A lock file beside the state; the system frees it with the process, however that ends.</summary>
/// <param name="invocation">the command</param>
/// <param name="path">the file</param>
internal sealed class FileLock(Invocation invocation, string path) : IAgentLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task Hold(Func<CancellationToken, Task> run, CancellationToken cancellation)
    {
        var held = PrivateFile.TryLock(path);
        if (held is null)
        {
            invocation.Note("ta: another agent keeps this credential; waiting for it to end.");
        }

        while (held is null)
        {
            await Task.Delay(Pause, invocation.Time, cancellation).ConfigureAwait(false);
            held = PrivateFile.TryLock(path);
        }

        await using (held.ConfigureAwait(false))
        {
            await run(cancellation).ConfigureAwait(false);
        }
    }
}
