using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;

namespace TokenActors.Grains.Abstractions.Intents;

/// <summary>Why an intent is not made, shown or collected.</summary>
[GenerateSerializer, Alias("TokenActors.IntentRefusal")]
public enum IntentRefusal
{
    /// <summary>There is none, or it is somebody else's.</summary>
    NotFound,

    /// <summary>It was collected by somebody else, or lapsed.</summary>
    Over,

    /// <summary>The organization has as many open ones as it may.</summary>
    TooMany,

    /// <summary>The id is that of another intent.</summary>
    IdTaken,

    /// <summary>A silo of an older release is running, which could not hold it.</summary>
    UpgradePending,
}

/// <summary>Notes a command that a person is to carry out.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MakeIntent")]
public sealed record MakeIntent
{
    /// <summary>Names the caller, whose member may collect it.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary><c>rotate</c> or <c>create</c>.</summary>
    [Id(1)] public required string Command { get; init; }

    /// <summary>The token that is to be rotated.</summary>
    [Id(2)] public TokenId? Subject { get; init; }

    /// <summary>The body of the command as JSON, without secrets.</summary>
    [Id(3)] public required string Body { get; init; }
}

/// <summary>Takes an intent, before its command is carried out.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.CollectIntent")]
public sealed record CollectIntent
{
    /// <summary>Names the collector.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary>32 bytes that only the collector's bearer and its idempotency key give.</summary>
    [Id(1)] public required byte[] Key { get; init; }
}

/// <summary>An intent as it is shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntentView")]
public sealed record IntentView
{
    /// <summary>Its id.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary><c>rotate</c> or <c>create</c>.</summary>
    [Id(1)] public required string Command { get; init; }

    /// <summary>The token that is to be rotated.</summary>
    [Id(2)] public TokenId? Subject { get; init; }

    /// <summary>The body of the command as JSON.</summary>
    [Id(3)] public required string Body { get; init; }

    /// <summary>The token that it was made with.</summary>
    [Id(4)] public required TokenId TokenId { get; init; }

    /// <summary>The member that may collect it.</summary>
    [Id(5)] public required MemberId MemberId { get; init; }

    /// <summary>When it was made.</summary>
    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it may be collected.</summary>
    [Id(7)] public required DateTimeOffset LapsesAt { get; init; }

    /// <summary>When it was collected.</summary>
    [Id(8)] public DateTimeOffset? CollectedAt { get; init; }
}

/// <summary>The outcome of a call on an intent.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.IntentAnswer")]
public sealed record IntentAnswer
{
    /// <summary>The intent; null where the call was refused.</summary>
    [Id(0)] public IntentView? Intent { get; init; }

    /// <summary>Why not.</summary>
    [Id(1)] public IntentRefusal? Refusal { get; init; }
}

/// <summary>
/// A command that would mint a secret, until a person carries it out. Key: its id as a lower-case UUID. Every member
/// throws <see cref="ServiceUnavailableException"/> where the database does not answer; asking again is safe. A caller
/// finds those of its own member.
/// </summary>
[Alias("TokenActors.IIntentGrain")]
public interface IIntentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Notes it for five minutes. Asked again with the same command it answers the intent that is there. Refused: too
    /// many, id taken, upgrade pending.
    /// </summary>
    [Alias("Make")]
    Task<IntentAnswer> Make(MakeIntent command);

    /// <summary>What it would do. Refused: not found.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<IntentAnswer> Get(CallContext context);

    /// <summary>
    /// Takes it for its caller and key, who may then carry it out; asked again by the same it answers so for ten
    /// minutes.
    /// Refused: not found, over.
    /// </summary>
    [Alias("Collect")]
    Task<IntentAnswer> Collect(CollectIntent command);
}
