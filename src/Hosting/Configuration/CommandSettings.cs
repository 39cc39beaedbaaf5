namespace TokenActors.Hosting.Configuration;

/// <summary>Exit codes of the programs.</summary>
public static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;
}

/// <summary>
/// Separates settings (<c>--TokenActors:Storage:Provider PostgreSql</c>, also with <c>=</c>), which may stand anywhere
/// on a command line, from a program's own options and commands.
/// </summary>
public static class CommandSettings
{
    private static readonly string[] Prefixes = ["--TokenActors:", "--Logging:", "--Kestrel:"];

    /// <param name="args">the command line</param>
    /// <param name="words">further settings that are a word by themselves, such as <c>--urls</c></param>
    /// <returns>the settings, the rest, and what is wrong with a setting; null where nothing is</returns>
    public static (string[] Settings, string[] Commands, string? Problem) Split(
        IReadOnlyList<string> args, params string[] words)
    {
        List<string> settings = [], rest = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsSetting(args[i], words))
            {
                rest.Add(args[i]);
                continue;
            }

            settings.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal))
            {
                if (++i >= args.Count || args[i].StartsWith("--", StringComparison.Ordinal))
                {
                    return ([], [], $"'{args[i - 1]}' needs a value");
                }

                settings.Add(args[i]);
            }
        }

        return ([.. settings], [.. rest], null);
    }

    private static bool IsSetting(string arg, string[] words) =>
        Prefixes.Any(prefix => arg.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || words.Contains(arg.Split('=')[0]);
}
