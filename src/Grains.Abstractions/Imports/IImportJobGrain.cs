using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Imports;

/// <summary>Why an import is not made, started or shown.</summary>
[GenerateSerializer, Alias("TokenActors.ImportJobRefusal")]
public enum ImportJobRefusal
{
    /// <summary>There is none, or it is somebody else's.</summary>
    NotFound,

    /// <summary>The id is that of another import.</summary>
    IdTaken,

    /// <summary>Lines are missing, or there are more than were said.</summary>
    Incomplete,

    /// <summary>A silo of an older release is running, which knows of no imports.</summary>
    UpgradePending,

    /// <summary>Too many imports of the organization have not ended.</summary>
    TooMany,
}

/// <summary>Asks for the import that an earlier call with the same request made.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.FindImportJob")]
public sealed record FindImportJob
{
    /// <summary>Names the caller.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>SHA-256 of what was asked.</summary>
    [Id(1)] public required byte[] Request { get; init; }
}

/// <summary>Makes an import, whose lines are handed over next.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MakeImportJob")]
public sealed record MakeImportJob
{
    /// <summary>Names the caller, with whose rights the tokens are made.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>How many lines there are.</summary>
    [Id(1)] public required int Total { get; init; }

    /// <summary>SHA-256 of what is asked.</summary>
    [Id(2)] public required byte[] Request { get; init; }
}

/// <summary>Hands over lines of an import.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.AppendImportLines")]
public sealed record AppendImportLines
{
    /// <summary>Names the caller.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>How many lines come before these: a multiple of <see cref="MostLines"/>.</summary>
    [Id(1)] public required int From { get; init; }

    /// <summary>As many as <see cref="MostLines"/>; of the last call fewer.</summary>
    [Id(2)] public required ImmutableArray<ImportLine> Lines { get; init; }

    /// <summary>Lines of one call.</summary>
    public const int MostLines = 500;
}

/// <summary>Asks for what became of lines.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ReadImportResults")]
public sealed record ReadImportResults
{
    /// <summary>Names the caller.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>Only lines after this one, counted from 1.</summary>
    [Id(1)] public int After { get; init; }

    /// <summary>At most so many.</summary>
    [Id(2)] public int Limit { get; init; } = 100;

    /// <summary>Only lines that were refused.</summary>
    [Id(3)] public bool RefusedOnly { get; init; }
}

/// <summary>What became of lines.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportResults")]
public sealed record ImportResults
{
    /// <summary>Null where the import is there and shown.</summary>
    [Id(0)] public ImportJobRefusal? Refusal { get; init; }

    /// <summary>By their numbers.</summary>
    [Id(1)] public ImmutableArray<ImportLineResult> Lines { get; init; } = [];

    /// <summary>The line after which to go on; null where these are the last so far.</summary>
    [Id(2)] public int? Next { get; init; }
}

/// <summary>An import as it is shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportJobView")]
public sealed record ImportJobView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary><c>receiving</c>, <c>running</c>, <c>done</c> or <c>stopped</c>.</summary>
    [Id(1)] public required string Status { get; init; }

    /// <summary>How many lines there are.</summary>
    [Id(2)] public required int Total { get; init; }

    /// <summary>How many were imported.</summary>
    [Id(3)] public required int Done { get; init; }

    /// <summary>How many were refused at their turn.</summary>
    [Id(4)] public required int Refused { get; init; }

    /// <summary>The token that started it.</summary>
    [Id(5)] public required TokenId TokenId { get; init; }

    /// <summary>The member behind that.</summary>
    [Id(6)] public required MemberId MemberId { get; init; }

    /// <summary>When it was made.</summary>
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was started.</summary>
    [Id(8)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(9)] public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>The outcome of a call on an import.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.ImportJobAnswer")]
public sealed record ImportJobAnswer
{
    /// <summary>The import; null where the call was refused.</summary>
    [Id(0)] public ImportJobView? Job { get; init; }

    /// <summary>Why not.</summary>
    [Id(1)] public ImportJobRefusal? Refusal { get; init; }
}

/// <summary>
/// The import of many keys, durable from its start on: it goes on by itself after any crash, and each line is imported
/// once. Key: its id as a lower-case UUID. Every member throws <see cref="ServiceUnavailableException"/> where the
/// database does not answer; asking again is safe. A caller finds imports of its own organization, and of its own
/// member unless its grant for <c>tokens:create</c> is whole there.
/// </summary>
[Alias("TokenActors.IImportJobGrain")]
public interface IImportJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Makes an import without lines. Asked again for the same it answers the one that is there. Refused: id taken,
    /// upgrade pending, too many.
    /// </summary>
    [Alias("Make")]
    Task<ImportJobAnswer> Make(MakeImportJob command);

    /// <summary>Takes its next lines; those that it has are ignored. Refused: not found, incomplete.</summary>
    [Alias("Append")]
    Task<ImportJobAnswer> Append(AppendImportLines command);

    /// <summary>Begins, once all lines are there. Asked again it answers the import. Refused: not found,
    /// incomplete.</summary>
    [Alias("Start")]
    Task<ImportJobAnswer> Start(CallContext context);

    /// <summary>The import, where the same caller made it with the same request. Refused: not found, id
    /// taken.</summary>
    [Alias("Find")]
    Task<ImportJobAnswer> Find(FindImportJob query);

    /// <summary>How far it is. Refused: not found.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<ImportJobAnswer> Get(CallContext context);

    /// <summary>What became of its lines so far. Refused: not found.</summary>
    [AlwaysInterleave]
    [Alias("Results")]
    Task<ImportResults> Results(ReadImportResults query);

    /// <summary>Ends it before its next lines; one that ended stays as it is. Refused: not found.</summary>
    [Alias("Stop")]
    Task<ImportJobAnswer> Stop(CallContext context);
}
