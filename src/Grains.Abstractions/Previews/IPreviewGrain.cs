using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.Previews;

/// <summary>What would be changed, as <see cref="Calls.PreviewedException"/> names it.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.PreviewedSubject")]
public sealed record PreviewedSubject
{
    /// <summary>The organization that nothing of the answer may leave.</summary>
    [Id(0)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>Such as <c>token</c>, <c>member</c>, <c>role</c>, <c>account</c>, <c>integration</c>.</summary>
    [Id(1)] public required string Kind { get; init; }

    /// <summary>Its id.</summary>
    [Id(2)] public required string Id { get; init; }
}

/// <summary>Tokens of one kind.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.KindCount")]
public sealed record KindCount
{
    /// <summary>As the Lifecycle API names it.</summary>
    [Id(0)] public required string Kind { get; init; }

    /// <summary>How many.</summary>
    [Id(1)] public required int Count { get; init; }
}

/// <summary>What hangs on the subject of a preview.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AffectedTokens")]
public sealed record AffectedTokens
{
    /// <summary>Tokens that are not deleted, by their kinds.</summary>
    [Id(0)] public ImmutableArray<KindCount> Kinds { get; init; } = [];

    /// <summary>Those of them that were used within the last 24 hours.</summary>
    [Id(1)] public int UsedLastDay { get; init; }

    /// <summary>Those of them that were made with another token.</summary>
    [Id(2)] public int Descendants { get; init; }

    /// <summary>Members that a role is bound to.</summary>
    [Id(3)] public int Members { get; init; }

    /// <summary>There are more than were counted.</summary>
    [Id(4)] public bool IsCut { get; init; }

    /// <summary>Tokens that were made with it or behind it and belong to something else, so that they stay.</summary>
    [Id(5)] public int Staying { get; init; }

    /// <summary>Of one token, until when its former pair is still accepted; null where it has none.</summary>
    [Id(6)] public DateTimeOffset? FormerEndsAt { get; init; }
}

/// <summary>
/// Says what a change would affect. Stateless: any key will do, by custom <c>0</c>. All members throw
/// <see cref="Calls.ServiceUnavailableException"/> where the database does not answer.
/// </summary>
[Alias("TokenActors.IPreviewGrain")]
public interface IPreviewGrain : IGrainWithStringKey
{
    /// <summary>
    /// Whether every silo decides a preview without carrying it out: during an upgrade one of before would carry it
    /// out.
    /// </summary>
    [AlwaysInterleave]
    [Alias("CanPreview")]
    Task<bool> CanPreview();

    /// <summary>The tokens that hang on a subject; none where it is no kind that tokens hang on.</summary>
    [AlwaysInterleave]
    [Alias("CountAffected")]
    Task<AffectedTokens> CountAffected(PreviewedSubject subject, CancellationToken cancellationToken = default);
}
