using TokenActors.WebConsole;

namespace TokenActors.Gateway.Composition;

/// <summary>The text that tells a newcomer where the service listens and what to try first.</summary>
internal static class Greeting
{
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <param name="urls">what the service listens on</param>
    /// <param name="dataDirectory">the folder of the first credentials; null for a client of a cluster</param>
    public static string Of(IEnumerable<string> urls, string? dataDirectory)
    {
        var url = urls.FirstOrDefault() ?? DefaultUrl;
        if (dataDirectory is null)
        {
            return $"TokenActors is ready on {url}, its console on {url}{ConsoleOptions.Path}.";
        }

        var file = Path.Combine(dataDirectory, "bootstrap.json");
        return $"""
            TokenActors is ready on {url}. Its data is in {dataDirectory}, its first credentials in {file}. Try:
              curl -s {url}/v1/tokens -H "Authorization: Bearer $(sed -n 's/.*"access_secret": "\(.*\)".*/\1/p' {file})"
            Or look around in a browser: {url}{ConsoleOptions.Path}, organization root, name administrator, password member_secret of that file.
            """;
    }
}
