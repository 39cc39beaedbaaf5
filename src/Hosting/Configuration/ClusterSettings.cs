using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace TokenActors.Hosting.Configuration;

/// <summary>The settings of section <c>TokenActors:Cluster</c>: which cluster this is, where its silos listen, where clients find them.</summary>
public sealed record ClusterSettings
{
    private const int DefaultSiloPort = 11111;
    private const int DefaultGatewayPort = 30000;
    private const int HighestPort = 65535;

    /// <summary>Which cluster of the service: one at a time is live.</summary>
    public required string ClusterId { get; init; }

    /// <summary>Whose rows: two services can share a database.</summary>
    public required string ServiceId { get; init; }

    /// <summary>The address that other silos and clients reach this silo by; null for the host's own.</summary>
    public IPAddress? AdvertisedAddress { get; init; }

    /// <summary>From silo to silo.</summary>
    public required int SiloPort { get; init; }

    /// <summary>From clients to silo.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Where a client looks for silos: names or addresses, each with the port of the silos' gateways.</summary>
    public required IReadOnlyList<DnsEndPoint> Gateways { get; init; }

    /// <summary>The files for TLS between silos and from clients to silos; null for a cluster without.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>What Orleans calls the cluster: services that share a database must not see each other's silos.</summary>
    public string DeploymentId => $"{ServiceId}/{ClusterId}";

    public static ClusterSettings Read(IConfigurationSection section, List<string> problems)
    {
        IPAddress? advertised = null;
        if (section["Cluster:AdvertisedAddress"] is { } text && !IPAddress.TryParse(text, out advertised))
        {
            problems.Add($"{section.Path}:Cluster:AdvertisedAddress is '{text}'; it must be an IP address");
        }

        return new ClusterSettings
        {
            ClusterId = ServiceOptions.Text(section, "Cluster:ClusterId", "tokenactors", problems),
            ServiceId = ServiceOptions.Text(section, "Cluster:ServiceId", "tokenactors", problems),
            AdvertisedAddress = advertised,
            SiloPort = Port(section, "Cluster:SiloPort", DefaultSiloPort, problems),
            GatewayPort = Port(section, "Cluster:GatewayPort", DefaultGatewayPort, problems),
            Gateways = [.. section.GetSection("Cluster:Gateways").GetChildren().Select(child => EndPoint(child, problems)).OfType<DnsEndPoint>()],
            Tls = TlsSettings.Read(section.GetSection("Cluster:Tls"), problems),
        };
    }

    private static int Port(IConfigurationSection section, string key, int standard, List<string> problems)
    {
        var port = ServiceOptions.Number(section, key, standard, 1, problems);
        if (port > HighestPort)
        {
            problems.Add($"{section.Path}:{key} is '{port}'; it must be at most {HighestPort}");
        }

        return port;
    }

    private static DnsEndPoint? EndPoint(IConfigurationSection child, List<string> problems)
    {
        var at = child.Value?.LastIndexOf(':') ?? -1;
        if (at > 0 && int.TryParse(child.Value![(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= HighestPort && Uri.CheckHostName(child.Value[..at].Trim('[', ']')) != UriHostNameType.Unknown)
        {
            return new DnsEndPoint(child.Value[..at].Trim('[', ']'), port);
        }

        problems.Add($"{child.Path} is '{child.Value}'; it must be a host and a port, such as silos:30000");
        return null;
    }
}
