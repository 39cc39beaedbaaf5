using System.Net;
using Microsoft.Extensions.Primitives;
using TokenActors.Domain.Grants;

namespace TokenActors.Gateway.OAuth;

/// <summary>What a resource server says of where a secret was presented to it.</summary>
/// <param name="Address">the address; null where what it says is none</param>
internal sealed record ClientAddress(IPAddress? Address)
{
    public bool IsReadable => Address is not null;

    /// <summary>
    /// The field <c>client_ip</c>. Null where it is absent or empty: a token with addresses is inactive then. A zone of
    /// IPv6 is of the resource server's own machine, and no part of the address.
    /// </summary>
    public static ClientAddress? Of(StringValues given)
    {
        if (given.Count > 1)
        {
            return new ClientAddress(Address: null);
        }

        var text = given.ToString().Trim();
        return text.Length == 0
            ? null
            : new ClientAddress(AddressRanges.TryParseAddress(text.Split('%')[0], out var read) ? read : null);
    }
}
