using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Revocations;

/// <summary>
/// Says of an organization which tokens were ended or narrowed. Key: the organization's id. Whoever keeps what a
/// verification said drops it by what this says. Whether a caller may ask is the asker's to check.
/// </summary>
[Alias("TokenActors.IRevocationFeedGrain")]
public interface IRevocationFeedGrain : IGrainWithStringKey
{
    /// <summary>
    /// What came after a cursor; waits up to a second where nothing did. Throws
    /// <see cref="ServiceUnavailableException"/> where the trail cannot be read.
    /// </summary>
    [AlwaysInterleave]
    [Alias("Follow")]
    Task<RevocationPage> Follow(FollowRevocations query, CancellationToken cancellationToken = default);
}

/// <summary>Asks what happened since.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.FollowRevocations")]
public sealed record FollowRevocations
{
    /// <summary>The cursor of the page before; null for one that knows nothing.</summary>
    [Id(0)] public string? Cursor { get; init; }
}

/// <summary>What happened since.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RevocationPage")]
public sealed record RevocationPage
{
    /// <summary>Where to go on. Opaque.</summary>
    [Id(0)] public required string Cursor { get; init; }

    /// <summary>
    /// Nothing that is known of any token of the organization holds any more: a member, a role, an account, an
    /// integration, the organization or a token with others below changed, or the cursor is too old or another's.
    /// </summary>
    [Id(1)] public bool All { get; init; }

    /// <summary>Ids of tokens that were ended or narrowed. One may come several times.</summary>
    [Id(2)] public ImmutableArray<string> Tokens { get; init; } = [];

    /// <summary>Everything that was committed before this time is in this page or in those before.</summary>
    [Id(3)] public required DateTimeOffset UpTo { get; init; }
}
