using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Profiles;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Shell;

/// <summary><c>ta run -- CMD</c>: runs a program with an access secret in its environment, and ends as it ends.</summary>
internal static class RunCommand
{
    private static readonly Argument<string[]> Program = new("command")
    {
        Description = "what to run, after --", Arity = ArgumentArity.OneOrMore,
    };

    public static Command Of(CommandHost host) => host.Verb(
        "run", "run a command with TA_TOKEN and TA_URL in its environment", Run, Program);

    private static async Task<ExitCode> Run(Invocation invocation)
    {
        var (service, access) = await Connection.Credential(invocation).ConfigureAwait(false);
        var words = invocation.Get(Program);
        var start = new ProcessStartInfo(words[0], words[1..]);
        start.Environment["TA_TOKEN"] = access.Reveal();
        start.Environment["TA_URL"] = service.AbsoluteUri.TrimEnd('/');
        return (ExitCode)await ChildProcess.Run(start, invocation.Cancellation).ConfigureAwait(false);
    }
}

/// <summary>A program that this one waits for.</summary>
internal static class ChildProcess
{
    private const int NotStarted = 127;

    /// <summary>The exit code of the program. Who is asked to end asks the program, and waits for it.</summary>
    public static async Task<int> Run(ProcessStartInfo start, CancellationToken cancellation)
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
            using var ending = cancellation.UnsafeRegister(_ => Terminate(child), null);
            await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            return child.ExitCode;
        }
    }

    private static void Terminate(Process child)
    {
        if (!child.HasExited && !OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", child.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }
    }
}
