using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace TokenActors.Domain.Identity;

/// <summary>
/// The network that an address lies in: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address. An IPv4
/// address that is written as an IPv6 address is an IPv4 address.
/// </summary>
public readonly record struct AddressPrefix
{
    private const int BytesOfV6 = 16;
    private const int PrefixOfV4 = 24;
    private const int PrefixOfV6 = 48;

    /// <summary>The bits of the prefix, the last at the end.</summary>
    private readonly long _bits;

    private readonly bool _isV6;

    private AddressPrefix(long bits, bool isV6) => (_bits, _isV6) = (bits, isV6);

    public static AddressPrefix Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[BytesOfV6];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return new(OfV4(bytes), isV6: false);
        }

        return address.IsIPv4MappedToIPv6
            ? new(OfV4(bytes[(BytesOfV6 - sizeof(uint))..]), isV6: false)
            : new(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> (64 - PrefixOfV6), isV6: true);
    }

    /// <summary>Such as <c>203.0.113.0/24</c> and <c>2001:db8:1::/48</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[BytesOfV6];
        bytes.Clear();
        if (!_isV6)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, (int)(_bits << (32 - PrefixOfV4)));
            return $"{new IPAddress(bytes[..sizeof(uint)])}/{PrefixOfV4}";
        }

        BinaryPrimitives.WriteInt64BigEndian(bytes, _bits << (64 - PrefixOfV6));
        return $"{new IPAddress(bytes)}/{PrefixOfV6}";
    }

    private static long OfV4(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes) >>> (32 - PrefixOfV4);
}
