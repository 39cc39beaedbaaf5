using System.Diagnostics;
using TokenActors.Cli.Running;
using TokenActors.Cli.Shell;

namespace TokenActors.Cli.Agent;

/// <summary>
/// The command that is told of each change. One that hangs would keep the credential from being refreshed, so that it
/// has half of the time until the next refresh, and never more than five minutes.
/// </summary>
/// <param name="invocation">the agent's</param>
/// <param name="command">a line for the shell</param>
internal sealed class ChangeCommand(Invocation invocation, string command)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Runs it, and says where it did not end well.</summary>
    /// <param name="untilDue">how long until the credential is refreshed again</param>
    /// <param name="cancellation">asks it to end</param>
    /// <returns>whether it ended well</returns>
    public async Task<bool> Run(TimeSpan untilDue, CancellationToken cancellation)
    {
        var most = TimeSpan.FromTicks(Math.Clamp(untilDue.Ticks / 2, Shortest.Ticks, Longest.Ticks));
        using var tooLate = new CancellationTokenSource(most, invocation.Time);
        var shell = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", command])
            : new ProcessStartInfo("/bin/sh", ["-c", command]);
        var code = await ChildProcess.Run(
            shell, passesHangUpOn: false, tooLate.Token, cancellation).ConfigureAwait(false);
        if (code != 0)
        {
            invocation.Note(tooLate.IsCancellationRequested
                ? $"ta: the command did not end within {most.TotalSeconds:0} s and was killed."
                : $"ta: the command ended with {code}.");
        }

        return code == 0;
    }
}
