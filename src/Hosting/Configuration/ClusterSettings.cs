using System.ComponentModel.DataAnnotations;
using System.Net;

namespace TokenActors.Hosting.Configuration;

/// <summary>Where a gateway finds its silo.</summary>
public enum ClusterMode
{
    /// <summary>In its own process.</summary>
    Embedded,

    /// <summary>In a cluster of silos, of which it is an Orleans client.</summary>
    Client,
}

/// <summary>
/// Section <c>TokenActors:Cluster</c>: which cluster this is, where its silos listen, and where clients find them.
/// </summary>
public sealed class ClusterSettings
{
    private const int HighestPort = 65535;

    public ClusterMode Mode { get; init; }

    /// <summary>The cluster of the service; one at a time is live.</summary>
    [Name]
    public string ClusterId { get; init; } = "tokenactors";

    /// <summary>
    /// The service whose rows are read and written: services with different ids can share a database.
    /// </summary>
    [Name]
    public string ServiceId { get; init; } = "tokenactors";

    /// <summary>The address that other silos and clients reach this silo by; null for the host's own.</summary>
    [Address]
    public string? AdvertisedAddress { get; init; }

    /// <summary>The port that silos connect to.</summary>
    [WholeNumber(1, HighestPort)]
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port that clients connect to.</summary>
    [WholeNumber(1, HighestPort)]
    public int GatewayPort { get; init; } = 30000;

    /// <summary>
    /// Where a client looks for silos: names or addresses, each with the port of the silos' gateways.
    /// </summary>
    [HostAndPort]
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>The files for TLS between silos and from clients to silos; null for a cluster without.</summary>
    public TlsSettings? Tls { get; init; }

    internal IReadOnlyList<DnsEndPoint> EndPoints =>
        [.. Gateways.Select(HostAndPortAttribute.Parse).OfType<DnsEndPoint>()];

    /// <summary>
    /// What Orleans calls the cluster: services that share a database must not see each other's silos.
    /// </summary>
    public string DeploymentId => $"{ServiceId}/{ClusterId}";
}

/// <summary>
/// Section <c>TokenActors:Cluster:Tls</c>: the files by which silos and clients know each other. Half a section never
/// means a cluster without TLS.
/// </summary>
public sealed class TlsSettings
{
    internal const string Path = $"{ServiceOptions.Section}:Cluster:Tls";
    private const string Needs = "TLS needs a certificate to show and an authority to believe";

    /// <summary>The file of the certificate to show: PEM, with any intermediates behind it, or PFX.</summary>
    [Required(ErrorMessage = Needs)]
    [NotBlank("must be the path of a file")]
    public required string Certificate { get; init; }

    /// <summary>The file of its private key in PEM; null with a PFX file, which has the key inside.</summary>
    [NotBlank("must be the path of a file, or be left out for PFX")]
    public string? Key { get; init; }

    /// <summary>Opens the PFX or an encrypted key.</summary>
    [DataType(DataType.Password)]
    public string? Password { get; init; }

    /// <summary>The PEM file of the only certificates that a peer's chain may end in.</summary>
    [Required(ErrorMessage = Needs)]
    [NotBlank("must be the path of a file")]
    public required string Authority { get; init; }
}
