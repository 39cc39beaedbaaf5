using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Tokens;

namespace TokenActors.Grains.Abstractions.Imports;

/// <summary>One key to import. Its hash crosses this call and is stored nowhere: see
/// <see cref="SecretFingerprint"/>.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportLine")]
public sealed record ImportLine
{
    /// <summary>Its number in the file, from 1.</summary>
    [Id(0)] public required int Number { get; init; }

    /// <summary>Id of the scheme.</summary>
    [Id(1)] public required Guid Scheme { get; init; }

    /// <summary>SHA-256 of the whole key.</summary>
    [Id(2)] public required SecretFingerprint Fingerprint { get; init; }

    /// <summary>Its last characters.</summary>
    [Id(3)] public required string LastFour { get; init; }

    /// <summary>A slug, unique in the organization. Null: the token's id.</summary>
    [Id(4)] public string? Name { get; init; }

    /// <summary>Null: the name.</summary>
    [Id(5)] public string? FullName { get; init; }

    /// <summary>What the token may do.</summary>
    [Id(6)] public required string PermissionSet { get; init; }

    /// <summary>To what it is narrowed.</summary>
    [Id(7)] public required Resources Resources { get; init; }

    /// <summary>How long it lives from its import on. Null: as long as the organization's policy says, or for
    /// ever.</summary>
    [Id(8)] public string? Life { get; init; }

    /// <summary>When it ends; null: by its life.</summary>
    [Id(9)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Null: none.</summary>
    [Id(10)] public NotesOfToken? Notes { get; init; }

    /// <summary>The ranges of addresses from which it is accepted. Null: those of the caller.</summary>
    [Id(11)] public ImmutableArray<string>? Addresses { get; init; }

    /// <summary>Null: none.</summary>
    [Id(12)] public LimitsOfToken? Limits { get; init; }

    /// <inheritdoc cref="TokenBelonging"/>
    [Id(13)] public TokenBelonging BelongsTo { get; init; }
}

/// <summary>What became of a line, or would.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportLineResult")]
public sealed record ImportLineResult
{
    /// <summary>Its number in the file, from 1.</summary>
    [Id(0)] public required int Number { get; init; }

    /// <summary>Why it was refused; null where it was imported.</summary>
    [Id(1)] public TokenRefusal? Refusal { get; init; }

    /// <summary>The token; null where the line was refused.</summary>
    [Id(2)] public TokenId? TokenId { get; init; }
}
