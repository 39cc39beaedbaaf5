using TokenActors.Hosting.Configuration;
using TokenActors.Silo.Operations;

namespace TokenActors.Silo;

/// <summary>The silo of a cluster, and the operator's commands.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        ProgramCulture.SetInvariant();

        // Settings may stand anywhere among a command's own arguments, so they are taken out first.
        var (settings, rest, problem) = CommandSettings.Split(args, "--urls");
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync(problem);
            return ExitCodes.Usage;
        }

        try
        {
            return rest.Length == 0 ? await SiloHost.Run(settings) : await OperatorCommands.Run(rest, settings);
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync($"The silo cannot start. {e.Message}");
            return ExitCodes.Failed;
        }
    }
}
