using System.CommandLine;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Composition;

/// <summary>
/// The flags of the program, with their help. Every setting can be given as <c>--TokenActors:Section:Key value</c> too.
/// </summary>
internal static class CommandLine
{
    private const string Description =
        """
        TokenActors: a token-lifecycle service.

        By itself it is the whole service, on a SQLite file. As a client of a cluster of silos it keeps nothing:
          --TokenActors:Cluster:Mode Client --TokenActors:Cluster:Gateways:0 silos:30000

        Every setting of appsettings.json can be given as a flag, such as
          --TokenActors:Storage:Provider PostgreSql
        or in the environment (TokenActors__Storage__Provider=PostgreSql).
        """;

    private static readonly Option<string> Urls = new("--urls")
    {
        Description = "Where to listen (default http://127.0.0.1:8080).", HelpName = "URL",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Where the database, the pepper and bootstrap.json are kept (default ./data).", HelpName = "DIR",
    };

    /// <summary>
    /// Parses the command line and serves, prints the help, or says what was not understood (exit code 2).
    /// </summary>
    /// <param name="args">the command line</param>
    /// <param name="serve">runs the service with settings as <c>--key value</c>, and returns the exit code</param>
    public static async Task<int> Run(string[] args, Func<string[], Task<int>> serve)
    {
        var (settings, rest, problem) = CommandSettings.Split(args, "--environment", "--contentRoot");
        if (problem is not null)
        {
            await Console.Error.WriteLineAsync(problem);
            return ExitCodes.Usage;
        }

        var root = new RootCommand(Description) { Urls, Data };
        root.SetAction((parsed, _) => serve(
        [
            .. settings,
            .. Setting("urls", parsed.GetValue(Urls)),
            .. Setting($"{ServiceOptions.Section}:DataDirectory", parsed.GetValue(Data)),
        ]));
        var result = root.Parse(rest);

        // No time-out of System.CommandLine: on a signal the host drains before it ends.
        var code = await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
        return result.Errors.Count > 0 ? ExitCodes.Usage : code;
    }

    private static string[] Setting(string key, string? value) => value is null ? [] : ["--" + key, value];
}
