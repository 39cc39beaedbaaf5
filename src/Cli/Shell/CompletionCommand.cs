using System.CommandLine;
using TokenActors.Cli.Foundation;
using TokenActors.Cli.Running;

namespace TokenActors.Cli.Shell;

/// <summary><c>ta completion</c>: scripts that ask <c>ta</c> itself what fits.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _ta() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(ta "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _ta ta
        """;

    private const string Zsh = """
        #compdef ta
        _ta() {
          local -a found
          found=("${(@f)$(ta "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a found
        }
        compdef _ta ta
        """;

    private const string Fish = """
        complete -c ta -f -a '(ta "[suggest:"(commandline -C)"]" (commandline -b) 2>/dev/null)'
        """;

    private const string Pwsh = """
        Register-ArgumentCompleter -Native -CommandName ta -ScriptBlock {
          param($word, $line, $position)
          ta "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } |
            ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["pwsh"] = Pwsh,
    };

    private static readonly Argument<string> Name = new Argument<string>("shell")
    {
        Description = "bash, zsh, fish or pwsh",
    }.AcceptOnly("bash", "zsh", "fish", "pwsh");

    public static Command Of(CommandHost host) =>
        host.Verb("completion", "print the completion script of a shell", Print, Name);

    private static Task<ExitCode> Print(Invocation invocation)
    {
        invocation.Printer.Line(Scripts[invocation.Get(Name)]);
        return Task.FromResult(ExitCode.Done);
    }

    private static Argument<string> AcceptOnly(this Argument<string> argument, params string[] words)
    {
        argument.AcceptOnlyFromAmong(words);
        return argument;
    }
}
