using System.Collections.Immutable;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Imports;

/// <summary>Asks whose a presented key is.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.FindImportedKey")]
public sealed record FindImportedKey
{
    /// <summary>In which organization; no other's is found.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Id of the scheme that the text fits.</summary>
    [Id(1)] public required Guid Scheme { get; init; }

    /// <summary>SHA-256 of the text.</summary>
    [Id(2)] public required SecretFingerprint Fingerprint { get; init; }
}

/// <summary>Asks what an import of lines would come to now.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ForeseeImport")]
public sealed record ForeseeImport
{
    /// <summary>Names the caller, with whose rights the tokens would be made.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>At most <see cref="AppendImportLines.MostLines"/>.</summary>
    [Id(1)] public required ImmutableArray<ImportLine> Lines { get; init; }
}

/// <summary>
/// Looks keys up in the index of those that were imported. Key: any. Every member throws
/// <see cref="ServiceUnavailableException"/> where the database does not answer.
/// </summary>
[Alias("TokenActors.IImportedKeysGrain")]
public interface IImportedKeysGrain : IGrainWithStringKey
{
    /// <summary>
    /// The token that has the key; null where none has. Whether the token accepts it, its own grain says. No row of a
    /// token is read.
    /// </summary>
    [Alias("Find")]
    Task<TokenId?> Find(FindImportedKey query, CancellationToken cancellationToken = default);

    /// <summary>The lines that would be refused, and why. Writes nothing.</summary>
    [ResponseTimeout("00:01:00")]
    [Alias("Foresee")]
    Task<ImmutableArray<ImportLineResult>> Foresee(ForeseeImport query, CancellationToken cancellationToken = default);
}
