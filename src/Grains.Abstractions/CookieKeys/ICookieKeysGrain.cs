using System.Collections.Immutable;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.CookieKeys;

/// <summary>A key that gateways encrypt the console's cookies and form tokens with.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CookieKey")]
public sealed record CookieKey
{
    /// <summary>What it is found by; it stands in what was encrypted with it.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>When it was made.</summary>
    [Id(1)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it encrypts.</summary>
    [Id(2)] public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>Until when it encrypts; it decrypts for a day longer.</summary>
    [Id(3)] public required DateTimeOffset EndsAt { get; init; }

    /// <summary>64 random bytes in base64.</summary>
    [Id(4)] public required ProtectedText Material { get; init; }
}

/// <summary>
/// The keys that all gateways of a service share for the console: what one of them encrypted another reads. It is the
/// only contract that carries key material, for gateways alone. Key: the root organization's id as a lower-case UUID.
/// </summary>
[Alias("TokenActors.ICookieKeysGrain")]
public interface ICookieKeysGrain : IGrainWithStringKey
{
    /// <summary>
    /// The keys that encrypt or decrypt now, and the one that follows. The first one is made by the first call.
    /// </summary>
    /// <exception cref="ServiceUnavailableException">the database does not answer; asking again is safe</exception>
    [Alias("GetKeys")]
    Task<ImmutableArray<CookieKey>> GetKeys(CancellationToken cancellationToken = default);
}
