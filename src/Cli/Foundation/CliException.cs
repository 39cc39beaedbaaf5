namespace TokenActors.Cli.Foundation;

/// <summary>Ends the command with one line on stderr.</summary>
/// <param name="exitCode">what the program ends with</param>
/// <param name="message">what is wrong, and what to do</param>
internal sealed class CliException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode => exitCode;

    /// <summary>Whoever waits may try it again.</summary>
    public bool IsPassing { get; init; }

    public static CliException Usage(string message) => new(ExitCode.Usage, message);
}
