namespace TokenActors.Silo.Operations;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}

/// <summary>Tells settings (<c>--TokenActors:Storage:Provider PostgreSql</c>, also with <c>=</c>) from commands and their options.</summary>
internal static class CommandSettings
{
    private static readonly string[] Prefixes = ["--TokenActors:", "--Logging:", "--Kestrel:", "--urls"];

    public static (string[] Settings, List<string> Commands, string? Problem) Split(IReadOnlyList<string> args)
    {
        List<string> settings = [], rest = [];
        for (var i = 0; i < args.Count; i++)
        {
            if (!Prefixes.Any(prefix => args[i].StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
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

        return ([.. settings], rest, null);
    }
}
