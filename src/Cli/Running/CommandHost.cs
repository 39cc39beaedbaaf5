using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Client;

namespace TokenActors.Cli.Running;

/// <summary>Makes commands whose handlers are asked with everything that they need.</summary>
/// <param name="terminal">where commands read and write</param>
/// <param name="connect">makes the client of a command</param>
/// <param name="time">the clock</param>
internal sealed class CommandHost(Terminal terminal, Func<Invocation, TokenActorsClient> connect, TimeProvider time)
{
    /// <summary>The command that runs, for whoever interrupts it.</summary>
    public Invocation? Running { get; private set; }

    /// <summary>A command that does something.</summary>
    public Command Verb(
        string name, string description, Func<Invocation, Task<ExitCode>> run, params IEnumerable<Symbol> symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Argument argument:
                    command.Arguments.Add(argument);
                    break;
                case Option option:
                    command.Options.Add(option);
                    break;
            }
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            var host = (parsed.InvocationConfiguration as HostedConfiguration)?.Host ?? this;
            return (int)await run(host.Begin(parsed, cancellation)).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>A command that only holds others.</summary>
    public static Command Group(string name, string description, params IEnumerable<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }

    private Invocation Begin(ParseResult parsed, CancellationToken cancellation) =>
        Running = new Invocation(parsed, terminal, connect, time, cancellation);
}

/// <summary>How a command line is run, and by whom: in place of whoever made the commands.</summary>
/// <param name="host">runs it</param>
internal sealed class HostedConfiguration(CommandHost host) : InvocationConfiguration
{
    public CommandHost Host => host;
}
