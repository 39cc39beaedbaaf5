namespace TokenActors.Storage.Records;

/// <summary>One entry of the index of imported keys.</summary>
/// <param name="Scheme">the scheme that the key was imported under</param>
/// <param name="PepperId">the pepper of the digest</param>
/// <param name="Digest">the keyed digest of the key's hash, in base64</param>
public sealed record ImportedKey(string Scheme, string PepperId, string Digest);

/// <summary>The index of imported keys: organization, scheme, pepper and digest name a token.</summary>
public interface IImportedKeys
{
    /// <summary>The id of the token that has a key; null where none has. The first of several digests that is
    /// found.</summary>
    /// <param name="organizationId">no other organization's is found</param>
    /// <param name="keys">one key under several peppers</param>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    Task<string?> Find(string organizationId, IReadOnlyList<ImportedKey> keys);

    /// <summary>How many tokens still accept a key of a scheme.</summary>
    /// <exception cref="StorageUnavailableException">the database did not answer</exception>
    Task<long> CountOf(string organizationId, string scheme);
}
