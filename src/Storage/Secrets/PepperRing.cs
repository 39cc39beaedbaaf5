using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Secrets;

namespace TokenActors.Storage.Secrets;

/// <summary>One server key by id: 32 random bytes that only silos hold.</summary>
public sealed record Pepper(string Id, byte[] Key)
{
    public const int KeyBytes = 32;

    /// <summary>Keyed once a thread: a hash that is keyed for every message takes twice the time.</summary>
    private readonly ThreadLocal<IncrementalHash> _hash = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key));

    public byte[] Mac(ReadOnlySpan<byte> message)
    {
        var hash = _hash.Value!;
        hash.AppendData(message);
        return hash.GetHashAndReset();
    }

    /// <summary>Proves to a database that this is the key it knows by this id, without telling the key.</summary>
    internal string CheckValue => Convert.ToBase64String(Mac(Encoding.UTF8.GetBytes("tokenactors pepper check " + Id)));

    public override string ToString() => $"pepper {Id}";
}

/// <summary>
/// The keys under which fingerprints are stored. The first is the one in use for new digests; older ones still verify what was stored
/// under them.
/// </summary>
public sealed class PepperRing(ImmutableArray<Pepper> peppers)
{
    public Pepper Current => peppers[0];

    /// <summary>The digest to store for a freshly minted secret.</summary>
    public SecretDigest Digest(SecretFingerprint fingerprint) => new(Current.Id, Current.Mac(fingerprint.Bytes));

    /// <summary>Whether a fingerprint is the one behind a stored digest; constant time in the digest.</summary>
    public bool Matches(SecretFingerprint fingerprint, SecretDigest digest) => Compare(fingerprint).Matches(digest);

    /// <summary>Compares one fingerprint with several digests, keyed only once per pepper.</summary>
    public Comparison Compare(SecretFingerprint fingerprint) => new(this, fingerprint);

    /// <summary>One presented fingerprint beside stored digests.</summary>
    public sealed class Comparison(PepperRing ring, SecretFingerprint fingerprint)
    {
        private string? _pepperId;
        private byte[]? _mac;

        public bool Matches(SecretDigest digest)
        {
            if (_pepperId != digest.PepperId)
            {
                _pepperId = digest.PepperId;
                _mac = ring.Find(digest.PepperId) ?.Mac(fingerprint.Bytes);
            }

            return _mac is not null && CryptographicOperations.FixedTimeEquals(_mac, digest.Mac);
        }
    }

    /// <summary>A stable value that only a silo can compute; for answers about names that do not exist.</summary>
    public byte[] Derive(string purpose) => Current.Mac(Encoding.UTF8.GetBytes("tokenactors derive " + purpose));

    /// <summary>The key under which keys of encrypted texts are encrypted, derived (HKDF-SHA256) from a key of the ring.</summary>
    /// <exception cref="InvalidOperationException">the ring lacks it</exception>
    internal byte[] WrappingKey(string id) => Find(id) is { } pepper
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper.Key, Pepper.KeyBytes, info: "tokenactors wrapping key"u8.ToArray())
        : throw new InvalidOperationException($"The pepper ring lacks '{id}'.");

    /// <summary>The key of the chain over the audit trail; null where the ring lacks it.</summary>
    internal byte[]? ChainKey(string id) => Find(id) is { } pepper
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper.Key, Pepper.KeyBytes, info: "tokenactors audit chain"u8.ToArray())
        : null;

    /// <summary>Compares the ring with what the database knows, and tells it of peppers that are new to it.</summary>
    /// <exception cref="InvalidOperationException">the ring lacks a pepper in use, or holds another key under its id</exception>
    public async Task Check(RecordStore store)
    {
        var known = await store.PepperChecks();
        foreach (var (id, check) in known)
        {
            if (Find(id) is not { } mine)
            {
                throw new InvalidOperationException(
                    $"The pepper ring lacks '{id}', under which the database holds secrets. Add it to TokenActors:Secrets:Peppers.");
            }

            if (mine.CheckValue != check)
            {
                throw new InvalidOperationException(
                    $"The pepper '{id}' is not the key that the database knows by that id. Restore the right key: without it no secret can be verified.");
            }
        }

        foreach (var pepper in peppers.Where(pepper => known.All(k => k.Id != pepper.Id)))
        {
            await store.AddPepperCheck(pepper.Id, pepper.CheckValue);
        }
    }

    private Pepper? Find(string id) => peppers.FirstOrDefault(pepper => pepper.Id == id);
}
