using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Secrets;

namespace TokenActors.Storage.Secrets;

/// <summary>
/// A text in envelope encryption: it is encrypted with AES-256-GCM under a key of its own, and that key under a key of
/// the ring. Both parts are nonce, ciphertext and tag, with the owner's id as associated data.
/// </summary>
/// <param name="PepperId">the pepper that the wrapping key is derived from</param>
/// <param name="WrappedKey">the text's encrypted key, 60 bytes</param>
/// <param name="Data">the encrypted text, 28 bytes longer than the text</param>
public sealed record SealedText(string PepperId, byte[] WrappedKey, byte[] Data);

/// <summary>
/// Encrypts and decrypts texts under the pepper ring. A rotation of the ring re-encrypts the texts' keys only.
/// </summary>
public sealed class SecretBox(PepperRing ring)
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    public SealedText Seal(ProtectedText text, Guid owner)
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var id = owner.ToByteArray();
        var wrappedKey = Encrypt(ring.WrappingKey(ring.Current.Id), key, id);
        return new(ring.Current.Id, wrappedKey, Encrypt(key, Encoding.UTF8.GetBytes(text.Reveal()), id));
    }

    /// <exception cref="CryptographicException">it was sealed for another owner, or was tampered with</exception>
    public ProtectedText Open(SealedText sealedText, Guid owner) =>
        new(Encoding.UTF8.GetString(Decrypt(Unwrap(sealedText, owner), sealedText.Data, owner.ToByteArray())));

    public bool IsCurrent(SealedText sealedText) => sealedText.PepperId == ring.Current.Id;

    /// <summary>Encrypts the text's key under the pepper in use; the text itself stays as it is.</summary>
    public SealedText Rewrap(SealedText sealedText, Guid owner) => sealedText with
    {
        PepperId = ring.Current.Id,
        WrappedKey = Encrypt(ring.WrappingKey(ring.Current.Id), Unwrap(sealedText, owner), owner.ToByteArray()),
    };

    private byte[] Unwrap(SealedText sealedText, Guid owner) =>
        Decrypt(ring.WrappingKey(sealedText.PepperId), sealedText.WrappedKey, owner.ToByteArray());

    internal static byte[] Encrypt(byte[] key, byte[] plain, ReadOnlySpan<byte> owner)
    {
        var sealedBytes = new byte[NonceBytes + plain.Length + TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var cipher = sealedBytes.AsSpan(NonceBytes, plain.Length);
        var tag = sealedBytes.AsSpan(NonceBytes + plain.Length);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, cipher, tag, owner);
        return sealedBytes;
    }

    internal static byte[] Decrypt(byte[] key, byte[] sealedBytes, ReadOnlySpan<byte> owner)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("What was encrypted has been cut short.");
        }

        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var cipher = sealedBytes.AsSpan(NonceBytes, plain.Length);
        var tag = sealedBytes.AsSpan(NonceBytes + plain.Length);
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(nonce, cipher, tag, plain, owner);
        return plain;
    }
}
