using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Secrets;

namespace TokenActors.Storage.Secrets;

/// <summary>
/// Encrypted text: AES-256-GCM under a key of its own, which is itself encrypted under a key of the ring (envelope encryption). Both parts
/// are nonce, ciphertext and tag; the id of what it belongs to is authenticated with them.
/// </summary>
/// <param name="PepperId">the key of the ring</param>
/// <param name="WrappedKey">60 bytes</param>
/// <param name="Data">28 bytes more than the text</param>
public sealed record SealedText(string PepperId, byte[] WrappedKey, byte[] Data);

/// <summary>Seals and opens under the ring of server keys. A rotation of the ring only wraps the keys anew.</summary>
public sealed class SecretBox(PepperRing ring)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public SealedText Seal(ProtectedText text, Guid owner)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        return new(ring.Current.Id, Encrypt(ring.WrappingKey(ring.Current.Id), key, owner), Encrypt(key, Encoding.UTF8.GetBytes(text.Reveal()), owner));
    }

    /// <exception cref="CryptographicException">it was sealed for another owner, or was tampered with</exception>
    public ProtectedText Open(SealedText sealedText, Guid owner) =>
        new(Encoding.UTF8.GetString(Decrypt(Unwrap(sealedText, owner), sealedText.Data, owner)));

    public bool IsCurrent(SealedText sealedText) => sealedText.PepperId == ring.Current.Id;

    /// <summary>The same text, its key wrapped under the ring's key in use.</summary>
    public SealedText Rewrap(SealedText sealedText, Guid owner) => sealedText with
    {
        PepperId = ring.Current.Id,
        WrappedKey = Encrypt(ring.WrappingKey(ring.Current.Id), Unwrap(sealedText, owner), owner),
    };

    private byte[] Unwrap(SealedText sealedText, Guid owner) => Decrypt(ring.WrappingKey(sealedText.PepperId), sealedText.WrappedKey, owner);

    private static byte[] Encrypt(byte[] key, byte[] plain, Guid owner)
    {
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), owner.ToByteArray());
        return sealedBytes;
    }

    private static byte[] Decrypt(byte[] key, byte[] sealedBytes, Guid owner)
    {
        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes, plain.Length), sealedBytes.AsSpan(NonceBytes + plain.Length), plain, owner.ToByteArray());
        return plain;
    }
}
