using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace TokenActors.Cli.Foundation;

/// <summary>What the program reads, writes and is told by its surroundings.</summary>
internal sealed class Terminal : IDisposable
{
    /// <summary>The width of what is not fitted into a terminal.</summary>
    public const int Unbounded = 10_000;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Func<string, string?> _environment;

    public Terminal(
        TextReader input, Stream output, TextWriter error, Func<string, string?> environment,
        bool isInteractive = false,
        bool isOutputTerminal = false)
    {
        (Input, _environment, IsInteractive, IsOutputTerminal) = (input, environment, isInteractive, isOutputTerminal);
        Output = new StreamWriter(new GuardedStream(output), Utf8) { NewLine = "\n" };
        Error = new NoteWriter(error);
        Screen = ConsoleOf(Output, isOutputTerminal);
        Status = ConsoleOf(error, isInteractive);
    }

    public TextReader Input { get; }

    /// <summary>Data, and nothing else.</summary>
    public StreamWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>Draws tables on <see cref="Output"/>.</summary>
    public IAnsiConsole Screen { get; }

    /// <summary>Draws progress and asks questions on <see cref="Error"/>.</summary>
    public IAnsiConsole Status { get; }

    /// <summary>Somebody sits there, who can answer questions.</summary>
    public bool IsInteractive { get; }

    public bool IsOutputTerminal { get; }

    /// <summary>The process's own streams and environment.</summary>
    public static Terminal OfProcess()
    {
        var handle = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 1);

        // The runtime's own stream swallows a broken pipe, and a list that nobody reads would go on; but it shares the
        // place in a file with the shell, as this one does not.
        var output = handle.CanSeek || !Console.IsOutputRedirected ? Console.OpenStandardOutput() : handle;
        return new(
            Console.In, output, Console.Error, Environment.GetEnvironmentVariable,
            !Console.IsInputRedirected && !Console.IsErrorRedirected, !Console.IsOutputRedirected);
    }

    /// <summary>Null where it is not set, or empty.</summary>
    public string? Variable(string name) => _environment(name) is { Length: > 0 } value ? value : null;

    /// <summary>A question that only a person can answer.</summary>
    public string Ask(string question, bool isSecret = false) =>
        Status.Prompt(isSecret ? new TextPrompt<string>(question).Secret(null) : new TextPrompt<string>(question));

    /// <summary>A question whose answer is no unless somebody says yes.</summary>
    public bool Agrees(string question) =>
        Status.Prompt(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false });

    public void Dispose() => Output.Dispose();

    private IAnsiConsole ConsoleOf(TextWriter writer, bool isTerminal)
    {
        var isPlain = !isTerminal || Variable("NO_COLOR") is not null || Variable("TERM") == "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPlain ? AnsiSupport.No : AnsiSupport.Yes,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Standard,
            Interactive = isTerminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
        {
            console.Profile.Width = Unbounded;
        }

        return console;
    }
}
