using System.Security.Cryptography;
using System.Text;

namespace TokenActors.Domain.Secrets;

/// <summary>
/// The string that a client presents. It prints masked, has no serializer, and leaves this type only through
/// <see cref="Reveal"/>.
/// </summary>
public sealed class Secret(string text)
{
    /// <summary>
    /// The clear text. Only the response of the call that minted it, and key derivation, may ask for it.
    /// </summary>
    public string Reveal() => text;

    public string LastFour => text.Length >= 4 ? text[^4..] : text;

    /// <summary>SHA-256 of the UTF-8 text: what callers send to grains in its place.</summary>
    public SecretFingerprint Fingerprint()
    {
        Span<byte> utf8 = stackalloc byte[256];
        var bytes = Encoding.UTF8.GetMaxByteCount(text.Length) <= utf8.Length
            ? utf8[..Encoding.UTF8.GetBytes(text, utf8)]
            : Encoding.UTF8.GetBytes(text);
        return SecretFingerprint.Of(bytes);
    }

    /// <summary>The masked form, e.g. <c>ta_org_…ab12</c>.</summary>
    public override string ToString() =>
        SecretFormat.PrefixOf(text) is { Length: > 0 } prefix
            ? Mask(prefix.ToString(), LastFour)
            : $"secret_…{LastFour}";

    /// <summary>How a secret is shown after the call that minted it.</summary>
    public static string Mask(string prefix, string lastFour) => $"{prefix}…{lastFour}";
}

/// <summary>
/// SHA-256 of a secret, 32 bytes. It crosses grain calls; the database holds only its keyed
/// <see cref="SecretDigest"/>.
/// </summary>
public readonly struct SecretFingerprint : IEquatable<SecretFingerprint>
{
    public const int Length = 32;

    private readonly byte[] _bytes;

    private SecretFingerprint(byte[] bytes) => _bytes = bytes;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public static SecretFingerprint Of(ReadOnlySpan<byte> secret) => new(SHA256.HashData(secret));

    /// <exception cref="ArgumentException">not 32 bytes</exception>
    public static SecretFingerprint FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length
            ? new SecretFingerprint(bytes.ToArray())
            : throw new ArgumentException("a fingerprint is 32 bytes", nameof(bytes));

    public bool Equals(SecretFingerprint other) => CryptographicOperations.FixedTimeEquals(_bytes, other._bytes);

    public override bool Equals(object? obj) => obj is SecretFingerprint other && Equals(other);

    public override int GetHashCode() => _bytes is null ? 0 : BitConverter.ToInt32(_bytes, 0);

    public override string ToString() => "fingerprint";

    public static bool operator ==(SecretFingerprint left, SecretFingerprint right) => left.Equals(right);

    public static bool operator !=(SecretFingerprint left, SecretFingerprint right) => !left.Equals(right);
}

/// <summary>
/// HMAC-SHA256 of a fingerprint under the server key named by <paramref name="PepperId"/>: the stored form of a
/// secret.
/// </summary>
public sealed record SecretDigest(string PepperId, byte[] Mac)
{
    public bool Equals(SecretDigest? other) =>
        other is not null && PepperId == other.PepperId && CryptographicOperations.FixedTimeEquals(Mac, other.Mac);

    public override int GetHashCode() => BitConverter.ToInt32(Mac, 0);

    public override string ToString() => $"digest under pepper {PepperId}";
}
