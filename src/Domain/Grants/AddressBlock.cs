using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TokenActors.Domain.Grants;

/// <summary>
/// The addresses that begin with the same bits: a CIDR range. An IPv4 address in IPv6 form is that IPv4 address. The
/// bits stand at the left, and those after the prefix are zero.
/// </summary>
/// <param name="IsV6">IPv6 and not IPv4: neither holds addresses of the other</param>
/// <param name="Bits">what the addresses begin with</param>
/// <param name="Prefix">how many of the bits count</param>
internal readonly record struct AddressBlock(bool IsV6, UInt128 Bits, int Prefix) : IComparable<AddressBlock>
{
    private const int V4Bits = 32;
    private const int V6Bits = 128;
    private const int MappedBits = V6Bits - V4Bits;

    /// <summary>How many bits an address of the family has.</summary>
    private int Length => IsV6 ? V6Bits : V4Bits;

    /// <summary>The block of one address; a zone of IPv6 is no part of it.</summary>
    public static AddressBlock Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[V6Bits / 8];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return OfV4(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        var bits = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6 ? OfV4((uint)bits) : new(true, bits, V6Bits);
    }

    /// <summary>
    /// <c>10.0.0.0/8</c>, <c>2001:db8::/32</c> or a bare address. Bits after the prefix are refused: who writes
    /// <c>10.1.2.3/8</c> may mean one address or sixteen million.
    /// </summary>
    /// <param name="text">the range</param>
    /// <param name="block">the range, read</param>
    /// <param name="problem">what is wrong with it</param>
    public static bool TryParse(string text, out AddressBlock block, out string problem)
    {
        const string form = "must be an IPv4 or IPv6 address, or a range such as 10.0.0.0/8";
        var slash = text.IndexOf('/');
        var written = slash < 0 ? text : text[..slash];
        (block, problem) = (default, form);
        if (!TryParseAddress(written, out var address))
        {
            return false;
        }

        var whole = Of(address);
        if (slash < 0)
        {
            block = whole;
            return true;
        }

        if (!TryParsePrefix(text.AsSpan(slash + 1), out var prefix))
        {
            return false;
        }

        var isMapped = address.IsIPv4MappedToIPv6;
        if (prefix > (isMapped ? V6Bits : whole.Length))
        {
            problem = $"must have a prefix of at most {whole.Length} bits";
            return false;
        }

        var cut = isMapped ? prefix - MappedBits : prefix;
        if (cut < 0 || Cut(whole.Bits, cut) != whole.Bits)
        {
            problem = "has bits after its prefix; write the first address of the range, or a single address without a prefix";
            return false;
        }

        block = whole with { Prefix = cut };
        return true;
    }

    /// <summary>
    /// An address as people write it: four decimal numbers, or IPv6 without brackets and zone. What other readers take
    /// for an address too (<c>10.1</c>, <c>010.0.0.1</c>) is none.
    /// </summary>
    public static bool TryParseAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.AsSpan().ContainsAny('%', '[', ' ') || !IPAddress.TryParse(text, out var read))
        {
            return false;
        }

        address = read;
        return read.AddressFamily == AddressFamily.InterNetworkV6 || read.ToString() == text;
    }

    public bool Contains(AddressBlock other) =>
        IsV6 == other.IsV6 && Prefix <= other.Prefix && Cut(other.Bits, Prefix) == Bits;

    /// <summary>The block of which both are the halves; null where there is none.</summary>
    public AddressBlock? With(AddressBlock other)
    {
        if (IsV6 != other.IsV6 || Prefix != other.Prefix || Prefix == 0 || Bits == other.Bits)
        {
            return null;
        }

        var whole = this with { Bits = Cut(Bits, Prefix - 1), Prefix = Prefix - 1 };
        return whole.Contains(other) ? whole : null;
    }

    /// <summary>By family and first address; of those with the same the wider first.</summary>
    public int CompareTo(AddressBlock other) =>
        (IsV6, Bits, Prefix).CompareTo((other.IsV6, other.Bits, other.Prefix));

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[V6Bits / 8];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        var address = new IPAddress(bytes[..(Length / 8)]);
        return string.Create(CultureInfo.InvariantCulture, $"{address}/{Prefix}");
    }

    private static AddressBlock OfV4(uint bits) => new(false, (UInt128)bits << MappedBits, V4Bits);

    private static UInt128 Cut(UInt128 bits, int prefix) =>
        prefix == 0 ? 0 : bits & (UInt128.MaxValue << (V6Bits - prefix));

    private static bool TryParsePrefix(ReadOnlySpan<char> text, out int prefix) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix)
        && (text.Length == 1 || text[0] != '0');
}
