using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;

namespace TokenActors.Grains.Abstractions.Calls;

/// <summary>Who makes a call, as its verified bearer says. A grain refuses what this caller may not do.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.Caller")]
public sealed record Caller
{
    /// <summary>The bearer's token.</summary>
    [Id(0)] public required TokenId TokenId { get; init; }

    /// <summary>The organization that nothing of the call may leave.</summary>
    [Id(1)] public required OrganizationId OrganizationId { get; init; }

    /// <summary>The member behind the token.</summary>
    [Id(2)] public required MemberId MemberId { get; init; }

    /// <summary>What the token may do now: its own grant, cut to what its member may do.</summary>
    [Id(3)] public required Grant Grant { get; init; }

    /// <summary>The tokens above the bearer's, nearest first.</summary>
    [Id(4)] public ImmutableArray<TokenId> Ancestors { get; init; } = [];
}

/// <summary>Where a call came from, for the audit trail. Never a secret.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CallOrigin")]
public sealed record CallOrigin
{
    /// <summary>Address of the client.</summary>
    [Id(0)] public string? RemoteAddress { get; init; }

    /// <summary>The client's <c>User-Agent</c>, at most 256 characters.</summary>
    [Id(1)] public string? UserAgent { get; init; }

    /// <summary>HTTP method.</summary>
    [Id(2)] public string? Method { get; init; }

    /// <summary>Request path without query.</summary>
    [Id(3)] public string? Path { get; init; }

    /// <summary>Status of the answer if the call succeeds.</summary>
    [Id(4)] public string? Code { get; init; }
}

/// <summary>Lets the same call be answered again although only digests are stored.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.Idempotency")]
public sealed record Idempotency
{
    /// <summary>32 bytes that only the caller's bearer and its key give.</summary>
    [Id(0)] public required byte[] Key { get; init; }

    /// <summary>SHA-256 of method, path and body: the same key with another request is refused.</summary>
    [Id(1)] public required byte[] Request { get; init; }

    /// <summary>The new secrets, sealed for the caller; kept with the answer.</summary>
    [Id(2)] public required byte[] Sealed { get; init; }

    /// <summary>
    /// Known to be no repetition: it is carried out, and its answer takes the place of an earlier one under the key.
    /// </summary>
    [Id(3)] public bool Fresh { get; init; }
}

/// <summary>What comes with every command.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CallContext")]
public sealed record CallContext
{
    /// <summary>Names the command. Asking again with the same id after a time-out never carries it out twice.</summary>
    [Id(0)] public required Guid CommandId { get; init; }

    /// <summary>Whose rights apply. Null for the operator's own code, which may do everything.</summary>
    [Id(1)] public Caller? Caller { get; init; }

    /// <summary>For the audit trail.</summary>
    [Id(2)] public CallOrigin? Origin { get; init; }

    /// <summary>Set where the answer may be asked for again.</summary>
    [Id(3)] public Idempotency? Idempotency { get; init; }

    /// <summary>A token at another version refuses the command. Null: not asked.</summary>
    [Id(4)] public long? ExpectedVersion { get; init; }

    /// <summary>
    /// The command is decided and not carried out: where it would be committed, the grain throws
    /// <see cref="PreviewedException"/>. Silos of a release before would carry it out; <c>IPreviewGrain</c> says
    /// whether there are any.
    /// </summary>
    [Id(5)] public bool IsPreview { get; init; }
}

/// <summary>A previewed command would be carried out. Nothing was written.</summary>
[GenerateSerializer, Alias("TokenActors.PreviewedException")]
public sealed class PreviewedException : Exception
{
    /// <param name="kind">of the row that would be written first, such as <c>token</c></param>
    /// <param name="id">of that row</param>
    /// <param name="change">as the audit trail would name it, such as <c>token.deleted</c></param>
    public PreviewedException(string kind, string id, string change)
        : base($"{change} would be done to {id}") =>
        (Kind, Id, Change) = (kind, id, change);

    /// <summary>Kind of the row that would be written first.</summary>
    [Id(0)] public string Kind { get; }

    /// <summary>Id of that row.</summary>
    [Id(1)] public string Id { get; }

    /// <summary>What would happen, as the audit trail names it.</summary>
    [Id(2)] public string Change { get; }
}

/// <summary>
/// The database did not answer, so that the outcome of a call is not known. Asking again with the same command id is
/// safe.
/// </summary>
[GenerateSerializer, Alias("TokenActors.ServiceUnavailableException")]
public sealed class ServiceUnavailableException : Exception
{
    /// <summary>Without details.</summary>
    public ServiceUnavailableException()
        : base("the database did not answer")
    {
    }

    /// <summary>With what went wrong, for logs only.</summary>
    public ServiceUnavailableException(string message)
        : base(message)
    {
    }
}
