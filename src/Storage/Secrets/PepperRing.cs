using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TokenActors.Domain.Secrets;

namespace TokenActors.Storage.Secrets;

/// <summary>One server key by id: 32 random bytes that only silos hold.</summary>
public sealed record Pepper(string Id, byte[] Key)
{
    public const int KeyBytes = 32;

    /// <summary>One keyed hash for each thread: keying one for each message takes twice the time.</summary>
    private readonly ThreadLocal<IncrementalHash> _hash =
        new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Key));

    public byte[] Mac(ReadOnlySpan<byte> message)
    {
        var hash = _hash.Value!;
        hash.AppendData(message);
        return hash.GetHashAndReset();
    }

    /// <summary>What the database stores of a key, to tell whether a silo has the same key under this id.</summary>
    internal string CheckValue => Convert.ToBase64String(Mac(Encoding.UTF8.GetBytes("tokenactors pepper check " + Id)));

    public override string ToString() => $"pepper {Id}";
}

/// <summary>
/// The keys of the digests of stored secrets. The first is in use: new digests are made under it. The others verify
/// digests that were made under them, and so do retired ones that the database keeps.
/// </summary>
public sealed class PepperRing(ImmutableArray<Pepper> peppers)
{
    /// <summary>Read from the database at the start, before anything is verified.</summary>
    private ImmutableArray<Pepper> _kept = [];

    public Pepper Current => peppers[0];

    /// <summary>Ids of the peppers that it was given, the one in use first.</summary>
    public ImmutableArray<string> Ids => [.. peppers.Select(pepper => pepper.Id)];

    /// <summary>The digest to store for a freshly minted secret.</summary>
    public SecretDigest Digest(SecretFingerprint fingerprint) => new(Current.Id, Current.Mac(fingerprint.Bytes));

    /// <summary>
    /// The digests under every pepper there is, also retired ones; that under the one in use comes first. By them a key
    /// is found whenever it was stored.
    /// </summary>
    public IReadOnlyList<SecretDigest> EveryDigest(SecretFingerprint fingerprint) =>
        [.. peppers.Concat(_kept).DistinctBy(pepper => pepper.Id).Select(pepper => new SecretDigest(pepper.Id, pepper.Mac(fingerprint.Bytes)))];

    /// <summary>Whether a digest was made of this fingerprint. Compares in constant time.</summary>
    public bool Matches(SecretFingerprint fingerprint, SecretDigest digest) => Compare(fingerprint).Matches(digest);

    /// <summary>For comparing one fingerprint with several digests: it is hashed once for each pepper.</summary>
    public Comparison Compare(SecretFingerprint fingerprint) => new(this, fingerprint);

    /// <summary>A presented fingerprint, to be compared with stored digests.</summary>
    public sealed class Comparison(PepperRing ring, SecretFingerprint fingerprint)
    {
        private string? _pepperId;
        private byte[]? _mac;

        public bool Matches(SecretDigest digest)
        {
            if (_pepperId != digest.PepperId)
            {
                _pepperId = digest.PepperId;
                _mac = ring.Find(digest.PepperId)?.Mac(fingerprint.Bytes);
            }

            return _mac is not null && CryptographicOperations.FixedTimeEquals(_mac, digest.Mac);
        }
    }

    /// <summary>
    /// A stable value that only a silo can compute, such as the salt that is answered for a name that does not exist.
    /// </summary>
    public byte[] Derive(string purpose) => Current.Mac(Encoding.UTF8.GetBytes("tokenactors derive " + purpose));

    /// <summary>The key that wraps the keys of encrypted texts, derived (HKDF-SHA256) from a pepper.</summary>
    /// <exception cref="InvalidOperationException">the ring lacks it</exception>
    internal byte[] WrappingKey(string id) => Find(id) is { } pepper
        ? Derive(pepper, "tokenactors wrapping key"u8)
        : throw new InvalidOperationException($"The pepper ring lacks '{id}'.");

    /// <summary>
    /// The key of the audit chain, derived (HKDF-SHA256) from a pepper; null where the ring lacks the pepper.
    /// </summary>
    internal byte[]? ChainKey(string id) => Find(id) is { } pepper ? ChainKey(pepper) : null;

    /// <summary>The key of new links of the audit chain.</summary>
    internal byte[] CurrentChainKey() => ChainKey(Current);

    /// <summary>The keys that links of the audit chain may have been made with.</summary>
    internal IReadOnlyList<byte[]> ChainKeys() => [.. peppers.Concat(_kept).Select(ChainKey)];

    /// <summary>Compares the ring with the database's check values, and writes nothing.</summary>
    /// <returns>the ids that the database does not know yet</returns>
    /// <exception cref="InvalidOperationException">the ring lacks a pepper in use, or holds another key under its
    /// id</exception>
    public async Task<IReadOnlyList<string>> Check(PepperTable table) =>
        [.. (await Unannounced(table)).Select(pepper => pepper.Id)];

    /// <summary>
    /// As <see cref="Check"/>, and stores the check values of new peppers. A silo does so when it starts, and nothing
    /// else: from then on no silo without them starts.
    /// </summary>
    /// <exception cref="InvalidOperationException">as <see cref="Check"/></exception>
    public async Task Announce(PepperTable table)
    {
        foreach (var pepper in await Unannounced(table))
        {
            await table.AddCheck(pepper.Id, pepper.CheckValue);
        }
    }

    /// <summary>
    /// Reads the retired peppers that the database keeps. A silo does so with <see cref="Announce"/>; what only reads
    /// may go on without those that it cannot open.
    /// </summary>
    public async Task Recall(PepperTable table) => _kept = Opened(await table.Checks());

    /// <summary>
    /// Retires a pepper: the database keeps its key, sealed under the pepper in use, and silos start without it.
    /// Everything that is kept under another pepper than the one in use is sealed anew, so that that one can go too.
    /// </summary>
    /// <exception cref="InvalidOperationException">the ring lacks it</exception>
    public async Task Keep(PepperTable table, string id)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(id, Current.Id);
        var known = await table.Checks();
        _kept = Opened(known);
        foreach (var (other, stored) in known)
        {
            if (other == id || (KeptPepper.Parse(other, stored) is { By: var by } && by != Current.Id))
            {
                var pepper = Find(other) ?? throw Lacks(other);
                await table.Keep(other, KeptPepper.Seal(pepper, Current).ToStored());
            }
        }
    }

    private ImmutableArray<Pepper> Opened(IEnumerable<(string Id, string Check)> known) =>
    [
        .. known.Select(k => KeptPepper.Parse(k.Id, k.Check)).OfType<KeptPepper>()
            .SelectMany(kept => InRing(kept.By) is { } under ? (Pepper[])[kept.Open(under)] : []),
    ];

    private async Task<IEnumerable<Pepper>> Unannounced(PepperTable table)
    {
        var known = await table.Checks();
        _kept = Opened(known);
        foreach (var (id, stored) in known)
        {
            var kept = KeptPepper.Parse(id, stored);
            if (kept is not null && InRing(kept.By) is null)
            {
                throw Lacks(kept.By);
            }

            var check = kept is null ? stored : _kept.First(pepper => pepper.Id == id).CheckValue;
            if (Find(id) is not { } mine)
            {
                throw Lacks(id);
            }

            if (mine.CheckValue != check)
            {
                throw new InvalidOperationException(
                    $"The pepper '{id}' is not the key that the database knows by that id. "
                    + "Restore the right key: without it no secret can be verified.");
            }
        }

        return peppers.Where(pepper => known.All(k => k.Id != pepper.Id));
    }

    private static byte[] ChainKey(Pepper pepper) =>
        Derive(pepper, "tokenactors audit chain"u8);

    private static byte[] Derive(Pepper pepper, ReadOnlySpan<byte> info) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, pepper.Key, Pepper.KeyBytes, info: info.ToArray());

    private static InvalidOperationException Lacks(string id) => new(
        $"The pepper ring lacks '{id}', under which the database holds secrets. "
        + "Add it to TokenActors:Secrets:Peppers.");

    private Pepper? InRing(string id) => peppers.FirstOrDefault(pepper => pepper.Id == id);

    private Pepper? Find(string id) => InRing(id) ?? _kept.FirstOrDefault(pepper => pepper.Id == id);
}
