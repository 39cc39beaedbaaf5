using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Profiles;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Shell;

/// <summary><c>ta run -- CMD</c>: runs a program with an access secret in its environment, and ends as it
/// ends.</summary>
internal static class RunCommand
{
    private static readonly Argument<string[]> Program = new("command")
    {
        Description = "what to run, after --", Arity = ArgumentArity.OneOrMore,
    };

    public static Command Of(CommandHost host)
    {
        var command = host.Verb("run", "run a command with TA_TOKEN and TA_URL in its environment", Run, Program);
        command.TreatUnmatchedTokensAsErrors = false;
        return command;
    }

    private static async Task<ExitCode> Run(Invocation invocation)
    {
        var (service, access) = await Connection.Credential(invocation).ConfigureAwait(false);
        var words = invocation.Get(Program);
        var start = new ProcessStartInfo(words[0], words[1..]);
        start.Environment["TA_TOKEN"] = access.Reveal();
        start.Environment["TA_URL"] = service.AbsoluteUri.TrimEnd('/');
        return (ExitCode)await ChildProcess.Run(
            start, passesHangUpOn: true, CancellationToken.None, invocation.Cancellation).ConfigureAwait(false);
    }
}

/// <summary>A program that this one waits for.</summary>
internal static class ChildProcess
{
    private const int NotStarted = 127;

    /// <summary>The exit code of the program. Who is asked to end asks the program, and waits for it.</summary>
    /// <param name="start">what to start</param>
    /// <param name="passesHangUpOn">SIGHUP is for the program, to which it may mean to read its configuration
    /// anew</param>
    /// <param name="tooLate">kills it, with whatever it started</param>
    /// <param name="cancellation">asks it to end</param>
    public static async Task<int> Run(
        ProcessStartInfo start, bool passesHangUpOn, CancellationToken tooLate, CancellationToken cancellation)
    {
        Process? child;
        try
        {
            child = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new CliException((ExitCode)NotStarted, $"{start.FileName} does not start: {e.Message}");
        }

        using (child ?? throw new CliException((ExitCode)NotStarted, $"{start.FileName} does not start."))
        {
            // The terminal's Ctrl-C reaches the program too; another signal has to be passed on.
            using var ending = cancellation.UnsafeRegister(_ => Signal(child, "TERM"), null);
            using var late = tooLate.UnsafeRegister(_ => child.Kill(entireProcessTree: true), null);
            using var hangUp = passesHangUpOn && !OperatingSystem.IsWindows()
                ? PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
                {
                    context.Cancel = true;
                    Signal(child, "HUP");
                })
                : null;
            await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return child.ExitCode;
        }
    }

    private static void Signal(Process child, string signal)
    {
        if (!child.HasExited && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", [$"-{signal}", child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }
}
