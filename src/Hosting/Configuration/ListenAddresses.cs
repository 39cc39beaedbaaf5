using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace TokenActors.Hosting.Configuration;

/// <summary>The addresses that a program listens on.</summary>
public static class ListenAddresses
{
    private const int HighestPort = 65535;
    private const string Certificate = "Kestrel:Certificates:Default";

    /// <summary>
    /// Fails for an address that the program cannot listen on: Kestrel would notice it only after the database was
    /// opened and written to.
    /// </summary>
    /// <param name="urls">as given to <c>--urls</c></param>
    /// <param name="configuration">says which certificate Kestrel has for https</param>
    /// <exception cref="InvalidOperationException">
    /// it is no address, or not one of this machine, or it is taken, or it lacks a certificate
    /// </exception>
    public static void Demand(string urls, IConfiguration configuration)
    {
        var all = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (all.Length == 0)
        {
            throw NoAddress(urls, null);
        }

        if (all.GroupBy(url => url, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw new InvalidOperationException($"--urls names {twice} twice.");
        }

        List<IPEndPoint> tried = [];
        foreach (var url in all)
        {
            var address = Parse(url);
            if (address.Scheme == "https" && !configuration.GetSection(Certificate).GetChildren().Any())
            {
                throw new InvalidOperationException(
                    $"--urls '{url}' needs a certificate: set {Certificate}:Path and {Certificate}:KeyPath, or let a proxy end TLS.");
            }

            if (address.Port != 0 && AddressOf(address.Host) is { } ip)
            {
                IPEndPoint endPoint = new(ip, address.Port);
                if (tried.Any(other => AreOne(other, endPoint)))
                {
                    throw new InvalidOperationException($"--urls '{urls}' names {endPoint} twice.");
                }

                Try(url, endPoint);
                tried.Add(endPoint);
            }
        }
    }

    /// <summary>Whether a program that listens on one of them cannot listen on the other.</summary>
    private static bool AreOne(IPEndPoint one, IPEndPoint other) => one.Port == other.Port
        && (one.Address.Equals(other.Address) || Holds(one.Address, other.Address) || Holds(other.Address, one.Address));

    /// <summary>Every IPv6 address is every IPv4 address too, as Kestrel binds it.</summary>
    private static bool Holds(IPAddress any, IPAddress address) => any.Equals(IPAddress.IPv6Any)
        || (any.Equals(IPAddress.Any) && address.AddressFamily == AddressFamily.InterNetwork);

    private static void Try(string url, IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(endPoint);
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new InvalidOperationException(
                $"{url} is in use. Stop the program that listens there, or listen elsewhere with --urls, "
                + "such as http://127.0.0.1:8081.",
                e);
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"--urls '{url}' cannot be listened on: {e.Message}.", e);
        }
    }

    private static BindingAddress Parse(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && address.Port is >= 0 and <= HighestPort
                && address.PathBase.Length == 0
                ? address
                : throw NoAddress(url, null);
        }
        catch (FormatException e)
        {
            throw NoAddress(url, e);
        }
    }

    private static InvalidOperationException NoAddress(string url, Exception? inner) =>
        new($"--urls '{url}' is no address to listen on; it must be one such as http://127.0.0.1:8080.", inner);

    /// <summary>The address to try; null for host names, which Kestrel binds to every address.</summary>
    private static IPAddress? AddressOf(string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any,
        _ => IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address : null,
    };
}
