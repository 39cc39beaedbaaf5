using System.Security.Cryptography;
using System.Text;

namespace TokenActors.Domain.Secrets;

/// <summary>
/// Seals freshly minted secrets under a key that only the holder of an earlier secret can derive again, so that a
/// lost answer can be given twice although the server keeps no secret. AES-256-GCM, random 96-bit nonce, HKDF-SHA256
/// (RFC 5869) with the purpose as info. Layout: nonce (12) ‖ tag (16) ‖ ciphertext.
/// </summary>
public static class AnswerSeal
{
    public const int NonceBytes = 12;

    private const int TagBytes = 16;

    /// <param name="plain">what is to be given again, normally JSON of the new secrets</param>
    /// <param name="holder">the secret whose holder may open it</param>
    /// <param name="purpose">separates uses of one secret, e.g. <c>refresh</c> or an idempotency key</param>
    /// <param name="context">associated data; opening needs the same</param>
    /// <param name="nonce">12 fresh random bytes</param>
    public static byte[] Seal(
        ReadOnlySpan<byte> plain, Secret holder, string purpose, string context, ReadOnlySpan<byte> nonce)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        nonce.CopyTo(sealedBytes);
        using var aes = new AesGcm(KeyFor(holder, purpose), TagBytes);
        aes.Encrypt(
            nonce,
            plain,
            sealedBytes.AsSpan(NonceBytes + TagBytes),
            sealedBytes.AsSpan(NonceBytes, TagBytes),
            Encoding.UTF8.GetBytes(context));
        return sealedBytes;
    }

    /// <summary>Null where the holder, purpose or context is another, or the bytes were changed.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> sealedBytes, Secret holder, string purpose, string context)
    {
        if (sealedBytes.Length < NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(KeyFor(holder, purpose), TagBytes);
        try
        {
            aes.Decrypt(
                sealedBytes[..NonceBytes],
                sealedBytes[(NonceBytes + TagBytes)..],
                sealedBytes.Slice(NonceBytes, TagBytes),
                plain,
                Encoding.UTF8.GetBytes(context));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>
    /// A value that only the holder can name again, e.g. the stored name of an idempotency key: 32 bytes.
    /// </summary>
    public static byte[] NameFor(Secret holder, string purpose) => Derive(holder, "name:" + purpose);

    private static byte[] KeyFor(Secret holder, string purpose) => Derive(holder, "seal:" + purpose);

    private static byte[] Derive(Secret holder, string info) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        Encoding.UTF8.GetBytes(holder.Reveal()),
        outputLength: 32,
        salt: null,
        info: Encoding.UTF8.GetBytes("tokenactors:" + info));
}
