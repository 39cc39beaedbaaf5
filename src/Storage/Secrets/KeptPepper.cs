using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace TokenActors.Storage.Secrets;

/// <summary>
/// A retired pepper, as the database keeps it in the place of its check value: its key, encrypted under a key that is
/// derived from a pepper of the ring. Digests cannot be made anew without the secrets that they are of, and some
/// secrets are shown once in a year; so silos read the key here and need it in their settings no more.
/// </summary>
/// <param name="Id">the retired pepper's id</param>
/// <param name="By">the pepper that it is sealed under</param>
/// <param name="WrappedKey">nonce, ciphertext and tag</param>
internal sealed record KeptPepper(string Id, string By, byte[] WrappedKey)
{
    private const string Mark = "kept";
    private const char Separator = ':';

    public static KeptPepper Seal(Pepper pepper, Pepper under) =>
        new(pepper.Id, under.Id, SecretBox.Encrypt(SealingKey(under), pepper.Key, Encoding.UTF8.GetBytes(pepper.Id)));

    /// <summary>Null where the database holds a check value.</summary>
    public static KeptPepper? Parse(string id, string stored) =>
        stored.Split(Separator) is [Mark, .. var by, var key]
            ? new(id, string.Join(Separator, by), BytesOf(key))
            : null;

    /// <exception cref="InvalidOperationException">it was sealed under another key, or was tampered with</exception>
    public Pepper Open(Pepper under)
    {
        try
        {
            return new(Id, SecretBox.Decrypt(SealingKey(under), WrappedKey, Encoding.UTF8.GetBytes(Id)));
        }
        catch (CryptographicException e)
        {
            throw new InvalidOperationException(
                $"The pepper '{Id}' that the database keeps cannot be opened with '{By}'. Restore the right key.", e);
        }
    }

    /// <summary>What the database stores.</summary>
    public string ToStored() => string.Join(Separator, Mark, By, Convert.ToBase64String(WrappedKey));

    /// <summary>Nothing, which no key opens, where another hand has written what is no base64.</summary>
    private static byte[] BytesOf(string base64) => Base64.IsValid(base64) ? Convert.FromBase64String(base64) : [];

    private static byte[] SealingKey(Pepper under) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, under.Key, Pepper.KeyBytes, info: "tokenactors kept pepper"u8.ToArray());
}
