using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using TokenActors.Cli.Agent;
using TokenActors.Cli.Events;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Imports;
using TokenActors.Cli.Profiles;
using TokenActors.Cli.Resources;
using TokenActors.Cli.Running;
using TokenActors.Cli.Sessions;
using TokenActors.Cli.Shell;
using TokenActors.Cli.Tokens;

namespace TokenActors.Cli;

/// <summary>The commands of <c>ta</c>, and one run of them.</summary>
internal static class CommandLine
{
    /// <summary>The commands of every run of this process: an option keeps each command that it was ever given
    /// to.</summary>
    private static RootCommand? _commands;

    /// <summary>All commands.</summary>
    public static RootCommand Of(CommandHost host)
    {
        var root = new RootCommand("The command line of TokenActors.");
        foreach (var option in CommonOptions.ForAll)
        {
            root.Options.Add(option);
        }

        Command[] commands =
        [
            AuthCommands.Of(host), TokenCommands.Of(host), JobCommands.Of(host), ImportJobCommands.Of(host),
            SchemeCommands.Of(host),
            .. ResourceKinds.Of(host), AuditCommands.Of(host), WebhookCommands.Of(host), PolicyCommands.Of(host),
            ClusterCommand.Of(host), AgentCommands.Of(host), RunCommand.Of(host), CompletionCommand.Of(host),
        ];
        foreach (var command in commands)
        {
            root.Subcommands.Add(command);
        }

        root.OfferDocumentedWords();
        return root;
    }

    /// <summary>Runs a command line. What goes wrong is one line on stderr and a number.</summary>
    public static async Task<int> Run(string[] args, Terminal terminal, TimeProvider time)
    {
        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var host = new CommandHost(terminal, Connection.Open, time);
        try
        {
            var code = await Invoke(args, host, terminal, ending.Token).ConfigureAwait(false);
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return code;
        }
        catch (OutputClosedException)
        {
            // Whoever reads has what it wanted.
            return (int)ExitCode.Done;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            if (host.Running?.Repetition is { } repetition)
            {
                await terminal.Error.WriteLineAsync(
                    $"ta: Interrupted; it may have been done. {repetition}").ConfigureAwait(false);
            }

            return (int)ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            var (code, line) = Failures.Of(e);
            await terminal.Error.WriteLineAsync($"ta: {line}").ConfigureAwait(false);
            return (int)code;
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    private static async Task<int> Invoke(string[] args, CommandHost host, Terminal terminal, CancellationToken ending)
    {
        var parsed = (_commands ??= Of(host)).Parse(args);
        if (parsed.Action is not HelpAction && ParseErrors.Of(parsed, args) is { } problem)
        {
            throw CliException.Usage($"{problem} See: {NameOf(parsed.CommandResult)} --help");
        }

        return await parsed.InvokeAsync(
            new HostedConfiguration(host)
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = terminal.Output, Error = terminal.Error,
            },
            ending).ConfigureAwait(false);
    }

    private static string NameOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{NameOf(parent)} {result.Command.Name}" : "ta";
}
