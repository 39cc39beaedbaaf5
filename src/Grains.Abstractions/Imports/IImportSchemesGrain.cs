using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Imports;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Imports;

/// <summary>A scheme of keys that are imported.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportSchemeView")]
public sealed record ImportSchemeView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary>Unique in the organization.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>With which every key begins.</summary>
    [Id(2)] public required string Prefix { get; init; }

    /// <summary>Characters of a whole key.</summary>
    [Id(3)] public required int Length { get; init; }

    /// <summary>Fewer random characters than are safe were accepted.</summary>
    [Id(4)] public bool AcceptsLowEntropy { get; init; }

    /// <summary>When it was made.</summary>
    [Id(5)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>As the domain has it.</summary>
    public ImportScheme ToScheme() => new(Id, Name, Prefix, Length, AcceptsLowEntropy, CreatedAt);

    /// <summary>As it crosses a call.</summary>
    public static ImportSchemeView From(ImportScheme scheme) => new()
    {
        Id = scheme.Id, Name = scheme.Name, Prefix = scheme.Prefix, Length = scheme.Length,
        AcceptsLowEntropy = scheme.AcceptsLowEntropy, CreatedAt = scheme.CreatedAt,
    };
}

/// <summary>Makes a scheme.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AddImportScheme")]
public sealed record AddImportScheme
{
    /// <summary>Names the caller, whose grant has to be whole in the organization.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>The scheme; when it was made is set by the grain.</summary>
    [Id(1)] public required ImportSchemeView Scheme { get; init; }
}

/// <summary>Takes a scheme away.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RemoveImportScheme")]
public sealed record RemoveImportScheme
{
    /// <summary>Names the caller, whose grant has to be whole in the organization.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>The scheme.</summary>
    [Id(1)] public required Guid Id { get; init; }
}

/// <summary>The outcome of a change of schemes.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportSchemeAnswer")]
public sealed record ImportSchemeAnswer
{
    /// <summary>Why not; null where it was done.</summary>
    [Id(0)] public ImportSchemeRefusal? Refusal { get; init; }

    /// <summary>The scheme that was made.</summary>
    [Id(1)] public ImportSchemeView? Scheme { get; init; }

    /// <summary>How many tokens still accept keys of it.</summary>
    [Id(2)] public long Tokens { get; init; }
}

/// <summary>
/// The schemes of keys that an organization imports. Key: the organization's id. Every member throws
/// <see cref="ServiceUnavailableException"/> where the database does not answer.
/// </summary>
[Alias("TokenActors.IImportSchemesGrain")]
public interface IImportSchemesGrain : IGrainWithStringKey
{
    /// <summary>All of them, in the order in which they were made; empty for what is no organization.</summary>
    [AlwaysInterleave]
    [Alias("List")]
    Task<ImmutableArray<ImportSchemeView>> List(CancellationToken cancellationToken = default);

    /// <summary>Makes one. Refused: invalid, name or prefix taken, too many, upgrade pending, beyond grant.</summary>
    [Alias("Add")]
    Task<ImportSchemeAnswer> Add(AddImportScheme command, CancellationToken cancellationToken = default);

    /// <summary>Takes one away. Refused: not found, in use, beyond grant.</summary>
    [Alias("Remove")]
    Task<ImportSchemeAnswer> Remove(RemoveImportScheme command, CancellationToken cancellationToken = default);
}
