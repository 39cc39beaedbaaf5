using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Secrets;

/// <summary>
/// The text of a TokenActors secret: <c>ta_&lt;profile&gt;_&lt;id&gt;&lt;random&gt;&lt;check&gt;</c> with the 128-bit token id in 22 base62
/// characters, 32 random bytes in 43, and the CRC-32 of all before it in 6. As a regular expression for secret scanners:
/// <c>ta_[a-z]{3}_[0-9A-Za-z]{71}</c>, confirmed by the checksum.
/// </summary>
public static class SecretFormat
{
    public const int RandomBytes = 32;
    public const int Length = PrefixLength + 1 + IdWidth + RandomWidth + CheckWidth;

    private const int PrefixLength = 6;
    private const int IdWidth = 22;
    private const int RandomWidth = 43;
    private const int CheckWidth = 6;

    /// <summary>Composes a secret from <paramref name="random"/>, 32 bytes of a cryptographic generator.</summary>
    public static Secret Compose(string prefix, TokenId id, ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(prefix.Length, PrefixLength);
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, RandomBytes);
        Span<byte> idBytes = stackalloc byte[16];
        id.Value.TryWriteBytes(idBytes, bigEndian: true, out _);
        var body = $"{prefix}_{Base62.Encode(idBytes, IdWidth)}{Base62.Encode(random, RandomWidth)}";
        Span<char> check = stackalloc char[CheckWidth];
        Base62.Encode(Crc32.Of(body), check);
        return new Secret($"{body}{check}");
    }

    /// <summary>Finds the record that a presented string names. False, without any look-up, for what cannot be a secret of ours.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TokenId id)
    {
        id = default;
        if (text.Length != Length || !text.StartsWith("ta_", StringComparison.Ordinal) || text[PrefixLength] != '_'
            || !Base62.IsBase62(text[(PrefixLength + 1)..])
            || !Base62.TryDecode(text[^CheckWidth..], out var check) || check != Crc32.Of(text[..^CheckWidth])
            || !Base62.TryDecode(text.Slice(PrefixLength + 1, IdWidth), out var number))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        id = new TokenId(new Guid(bytes, bigEndian: true));
        return true;
    }
}
