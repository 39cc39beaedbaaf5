namespace TokenActors.Gateway.Hosting;

/// <summary>The flags of the program. Every setting can be given as <c>--TokenActors:Section:Key value</c> too.</summary>
internal static class CommandLine
{
    public const string Help =
        """
        TokenActors: a token-lifecycle service.

          --urls URL       where to listen (default http://127.0.0.1:8080)
          --data DIR       where the database, the pepper and bootstrap.json are kept (default ./data)
          --help           this text

        By itself it is the whole service, on a SQLite file. As a client of a cluster of silos it keeps nothing:
          --TokenActors:Cluster:Mode Client --TokenActors:Cluster:Gateways:0 silos:30000

        Every setting of appsettings.json can be given as well, such as
          --TokenActors:Storage:Provider PostgreSql
        or in the environment (TokenActors__Storage__Provider=PostgreSql).
        """;

    private static readonly string[] Sections = ["TokenActors:", "Logging:", "Kestrel:"];
    private static readonly string[] Words = ["urls", "data", "environment", "contentRoot"];

    /// <summary>What our short flags stand for.</summary>
    public static readonly Dictionary<string, string> Switches = new() { ["--data"] = "TokenActors:DataDirectory", ["--urls"] = "urls" };

    /// <summary>Null where the arguments can be used, else what is wrong.</summary>
    public static string? ProblemWith(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var flag = args[i];
            var name = flag.StartsWith("--", StringComparison.Ordinal) ? flag[2..].Split('=')[0] : "";
            if (!Words.Contains(name) && !Sections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase)))
            {
                return $"unknown argument '{flag}'";
            }

            if (!flag.Contains('=', StringComparison.Ordinal) && (++i >= args.Count || args[i].StartsWith("--", StringComparison.Ordinal)))
            {
                return $"'{flag}' needs a value";
            }
        }

        return null;
    }
}
