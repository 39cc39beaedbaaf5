using System.Net;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Gateway.Http;

/// <summary>The settings that the gateway's own code uses.</summary>
internal sealed class GatewayOptions(ServiceOptions options)
{
    private const string Authorization = "Authorization";

    /// <inheritdoc cref="ClusterMode.Client"/>
    public bool IsClient => options.Cluster.Mode == ClusterMode.Client;

    /// <inheritdoc cref="RateLimitSettings.PerToken"/>
    public int RequestsPerToken => options.RateLimits.PerToken;

    /// <inheritdoc cref="RateLimitSettings.FailuresPerAddress"/>
    public int FailuresPerAddress => options.RateLimits.FailuresPerAddress;

    /// <inheritdoc cref="RateLimitSettings.LogonsPerName"/>
    public int LogonsPerName => options.RateLimits.LogonsPerName;

    /// <inheritdoc cref="RateLimitSettings.GuessesPerScheme"/>
    public int GuessesPerScheme => options.RateLimits.GuessesPerScheme;

    /// <inheritdoc cref="ProxySettings.KnownProxies"/>
    public IReadOnlyList<IPAddress> KnownProxies { get; } =
        [.. options.ForwardedHeaders.KnownProxies.Select(IPAddress.Parse)];

    /// <inheritdoc cref="ProxySettings.KnownNetworks"/>
    public IReadOnlyList<IPNetwork> KnownNetworks { get; } =
        [.. options.ForwardedHeaders.KnownNetworks.Select(network => IPNetwork.Parse(network))];

    /// <inheritdoc cref="AccessSettings.SingleHeader"/>
    public string AccessHeader => options.Access.SingleHeader is { Length: > 0 } header ? header : Authorization;

    /// <inheritdoc cref="ServiceOptions.Issuer"/>
    public string? Issuer => options.Issuer;

    /// <inheritdoc cref="AccessSettings.Organization"/>
    public Guid? AccessOrganization { get; } = options.Access.Organization is { } id ? Guid.Parse(id) : null;

    /// <inheritdoc cref="CloudflareSettings.Zones"/>
    public IReadOnlyDictionary<Guid, Guid> Zones { get; } =
        options.Cloudflare.Zones.ToDictionary(zone => Guid.Parse(zone.Zone), zone => Guid.Parse(zone.Organization));

    /// <summary>The public keys under which partners sign reports of leaks, by their ids
    /// (SubjectPublicKeyInfo).</summary>
    public IReadOnlyDictionary<string, byte[]> ReportKeys { get; } =
        options.Leaks.Keys.ToDictionary(key => key.Id, key => key.ToPublicKey(), StringComparer.Ordinal);

    /// <inheritdoc cref="ConsoleSettings.Enabled"/>
    public bool HasConsole => options.Console.Enabled;

    /// <inheritdoc cref="McpSettings.Enabled"/>
    public bool HasMcp => options.Mcp.Enabled;

    /// <inheritdoc cref="McpSettings.Origins"/>
    public IReadOnlyList<string> McpOrigins => options.Mcp.Origins;

    /// <inheritdoc cref="ClusterSettings.ServiceId"/>
    public string ServiceId => options.Cluster.ServiceId;

    /// <inheritdoc cref="BrowserSettings.Origins"/>
    public IReadOnlyList<string> BrowserOrigins => options.Cors.Origins;
}
