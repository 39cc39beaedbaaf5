using TokenActors.Hosting.Configuration;
using TokenActors.Silo.Operations;

namespace TokenActors.Silo;

/// <summary>The silo of a cluster, and the operator's commands.</summary>
internal static class Program
{
    private const string Data = "--data";

    public static async Task<int> Main(string[] args)
    {
        ProgramCulture.SetInvariant();

        // Settings may stand anywhere among a command's own arguments, so they are taken out first.
        var (settings, rest, problem) = CommandSettings.Split([.. args.Select(Spelled)], "--urls");
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync(problem);
            return ExitCodes.Usage;
        }

        try
        {
            return rest.Length == 0 ? await SiloHost.Run(settings) : await OperatorCommands.Run(rest, settings);
        }
        catch (Exception e) when (e is SettingsException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The silo cannot start. {e.Message}");
            return ExitCodes.Failed;
        }
    }

    /// <summary><c>--data DIR</c> is spelled as in the gateway's program.</summary>
    private static string Spelled(string argument) =>
        argument == Data || argument.StartsWith(Data + "=", StringComparison.Ordinal)
        ? $"--{ServiceOptions.Section}:{nameof(ServiceOptions.DataDirectory)}{argument[Data.Length..]}"
        : argument;
}
