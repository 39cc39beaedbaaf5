using System.Net;
using System.Net.Sockets;

namespace TokenActors.Gateway.Composition;

/// <summary>The addresses that the program listens on.</summary>
internal static class ListenAddresses
{
    public const string Default = "http://127.0.0.1:8080";

    /// <summary>
    /// Fails for a port that is taken: Kestrel would notice it only after the database was opened and written to.
    /// </summary>
    /// <param name="urls">as given to <c>--urls</c></param>
    /// <exception cref="InvalidOperationException">another program listens there</exception>
    public static void DemandFree(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var address = Parse(url);
            if (address.Port == 0 || AddressOf(address.Host) is not { } ip)
            {
                continue;
            }

            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(new IPEndPoint(ip, address.Port));
                socket.Listen();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new InvalidOperationException(
                    $"{url} is in use. Stop the program that listens there, or listen elsewhere with --urls, "
                    + "such as http://127.0.0.1:8081.",
                    e);
            }
        }
    }

    /// <summary>The text that tells a newcomer where the service listens and what to try first.</summary>
    /// <param name="urls">what the service listens on</param>
    /// <param name="dataDirectory">the folder of the first credentials; null for a client of a cluster</param>
    public static string Greeting(IEnumerable<string> urls, string? dataDirectory)
    {
        var url = urls.FirstOrDefault() ?? Default;
        if (dataDirectory is null)
        {
            return $"TokenActors is ready on {url}.";
        }

        var file = Path.Combine(dataDirectory, "bootstrap.json");
        return $"""
            TokenActors is ready on {url}. Its data is in {dataDirectory}, its first credentials in {file}. Try:
              curl -s {url}/v1/tokens -H "Authorization: Bearer $(sed -n 's/.*"access_secret": "\(.*\)".*/\1/p' {file})"
            """;
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw new InvalidOperationException($"--urls '{url}' is no address; it must be one such as {Default}.", e);
        }
    }

    /// <summary>The address to try; null for host names, which Kestrel binds to every address.</summary>
    private static IPAddress? AddressOf(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => IPAddress.Any,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null,
    };
}
