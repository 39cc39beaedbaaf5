using System.Net;
using System.Net.Sockets;
using Microsoft.Security.AntiSSRF;
using TokenActors.Hosting.Configuration;

namespace TokenActors.Hosting.Webhooks;

/// <summary>
/// Which addresses endpoints may have. A tenant chooses them, and silos go there: a request into the operator's own
/// network is refused, when an endpoint is made and again at every attempt.
/// </summary>
public sealed class WebhookAddresses
{
    private const int LongestAddress = 2_048;

    /// <summary>IPv4 addresses as IPv6 wrote them once, which the package does not know.</summary>
    private const string CompatibleAddresses = "::/96";

    private readonly bool _allowsHttp;
    private readonly IReadOnlyList<IPNetwork> _allowed;
    private readonly IReadOnlyList<IPNetwork> _denied;

    /// <param name="settings">the operator's exceptions</param>
    public WebhookAddresses(WebhookSettings settings)
    {
        _allowsHttp = settings.AllowHttp;
        _allowed = [.. settings.AllowedNetworks.Select(IPNetwork.Parse)];
        _denied = [.. IPAddressRanges.recommendedV1.Append(CompatibleAddresses).Select(IPNetwork.Parse)];
        Policy = PolicyOf(settings);
    }

    /// <summary>The same rules for a client of HTTP, which asks at the connection that it makes.</summary>
    internal AntiSSRFPolicy Policy { get; }

    /// <summary>Why events cannot be sent to an address; null where they can. Continues "it ...".</summary>
    /// <param name="address">a URL</param>
    /// <param name="cancellationToken">ends the question for the addresses of its name</param>
    public async Task<string?> Problem(string address, CancellationToken cancellationToken)
    {
        if (address.Length > LongestAddress || !Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            return "must be a URL such as https://example.com/hooks";
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !_allowsHttp)
        {
            return "must be an https URL";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "must not have a user or password";
        }

        var addresses = IPAddress.TryParse(uri.IdnHost, out var literal)
            ? [literal]
            : await AddressesOf(uri.IdnHost, cancellationToken);
        return addresses.All(IsAllowed) ? null : "must not lead to a private address";
    }

    /// <summary>Empty where the name has none now: it may get one later, which is asked about at every
    /// attempt.</summary>
    private static async Task<IPAddress[]> AddressesOf(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return [];
        }
    }

    private bool IsAllowed(IPAddress address)
    {
        var mapped = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowed.Any(network => network.Contains(mapped)) || !_denied.Any(network => network.Contains(mapped));
    }

    private static AntiSSRFPolicy PolicyOf(WebhookSettings settings)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest)
        {
            AllowPlainTextHttp = settings.AllowHttp, AddXFFHeader = false,
        };
        policy.AddDeniedAddresses([CompatibleAddresses]);
        policy.AddAllowedAddresses([.. settings.AllowedNetworks]);
        return policy;
    }
}
