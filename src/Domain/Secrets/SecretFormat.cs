using System.Buffers;
using System.Buffers.Binary;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Secrets;

/// <summary>
/// The text of a TokenActors secret: <c>&lt;prefix&gt;&lt;id&gt;&lt;random&gt;&lt;check&gt;</c> with the 128-bit
/// token id in 22 base62 characters, 32 random bytes in 43, and the CRC-32 (IEEE 802.3) of all before it in 6. A prefix
/// is 1 to 6 lower-case letters or underscores and the separator <c>_</c> or <c>-</c>, such as <c>ta_org_</c>,
/// <c>cfast_</c> or <c>api-</c>. As a regular expression for secret scanners:
/// <c>(ta_[a-z]{3}_|cfast_|api-|bf[gtwu]_)[0-9A-Za-z]{71}</c>, confirmed by the checksum.
/// </summary>
public static class SecretFormat
{
    public const int RandomBytes = 32;

    /// <summary>No secret is shorter: a prefix has at least two characters.</summary>
    public const int ShortestLength = 2 + BodyWidth;

    private const int LongestPrefix = 7;
    private const int IdWidth = 22;
    private const int RandomWidth = 43;
    private const int CheckWidth = 6;
    private const int BodyWidth = IdWidth + RandomWidth + CheckWidth;

    private static readonly SearchValues<char> PrefixLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_");

    /// <summary>Composes a secret from <paramref name="random"/>, 32 bytes of a cryptographic generator.</summary>
    /// <param name="prefix">a profile's, separator included</param>
    /// <param name="id">the record that the secret belongs to</param>
    /// <param name="random">32 bytes</param>
    public static Secret Compose(string prefix, TokenId id, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(IsPrefix(prefix), false, nameof(prefix));
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytes);
        Span<byte> idBytes = stackalloc byte[16];
        id.Value.TryWriteBytes(idBytes, bigEndian: true, out _);
        var body = $"{prefix}{Base62.Encode(idBytes, IdWidth)}{Base62.Encode(random, RandomWidth)}";
        Span<char> check = stackalloc char[CheckWidth];
        Base62.Encode(Crc32.Of(body), check);
        return new Secret($"{body}{check}");
    }

    /// <summary>The prefix of a secret, separator included; empty for what has not the form of one.</summary>
    public static ReadOnlySpan<char> PrefixOf(ReadOnlySpan<char> text) =>
        text.Length > BodyWidth && text[..^BodyWidth] is var prefix && IsPrefix(prefix) ? prefix : [];

    /// <summary>
    /// Finds the record that a presented string names. False, without any look-up, for what cannot be a secret of
    /// ours.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TokenId id)
    {
        id = default;
        var prefix = PrefixOf(text).Length;
        if (prefix == 0 || !Base62.IsBase62(text[prefix..])
            || !Base62.TryDecode(text[^CheckWidth..], out var check) || check != Crc32.Of(text[..^CheckWidth])
            || !Base62.TryDecode(text.Slice(prefix, IdWidth), out var number))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        id = new TokenId(new Guid(bytes, bigEndian: true));
        return true;
    }

    private static bool IsPrefix(ReadOnlySpan<char> text) =>
        text.Length is > 1 and <= LongestPrefix && (text[^1] is '_' or '-')
            && text[..^1].IndexOfAnyExcept(PrefixLetters) < 0;
}
