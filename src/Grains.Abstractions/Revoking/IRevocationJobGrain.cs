using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Previews;

namespace TokenActors.Grains.Abstractions.Revoking;

/// <summary>Why a job is not made, started or shown.</summary>
[GenerateSerializer, Alias("TokenActors.RevocationJobRefusal")]
public enum RevocationJobRefusal
{
    /// <summary>There is none, or it is somebody else's.</summary>
    NotFound,

    /// <summary>The plan was made too long ago.</summary>
    PlanIsOver,

    /// <summary>More tokens match than one job takes.</summary>
    TooManyTokens,

    /// <summary>The id is that of a job with other filters.</summary>
    IdTaken,

    /// <summary>A silo of an older release is running, which could not take up the job.</summary>
    UpgradePending,

    /// <summary>
    /// The organization has as many plans as there may be; they end after a quarter of an hour. One that matches no
    /// token needs no place among them.
    /// </summary>
    TooManyPlans,
}

/// <summary>Chooses the tokens of a job by a list's filters.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.MakeRevocationJob")]
public sealed record MakeRevocationJob
{
    /// <summary>Names the caller, whose grant says which tokens are chosen.</summary>
    [Id(0)] public required CallContext Context { get; init; }

    /// <summary><c>field[op]value</c> of the list of every token, ANDed. They must be well formed.</summary>
    [Id(1)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>Only this member's. Null: all.</summary>
    [Id(2)] public MemberId? MemberId { get; init; }

    /// <summary>Nothing is done until it is started.</summary>
    [Id(3)] public bool IsPlan { get; init; }
}

/// <summary>A job as it is shown.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RevocationJobView")]
public sealed record RevocationJobView
{
    /// <summary>Its id, which is the plan's.</summary>
    [Id(0)] public required Guid Id { get; init; }

    /// <summary><c>planned</c>, <c>running</c>, <c>done</c> or <c>stopped</c>.</summary>
    [Id(1)] public required string Status { get; init; }

    /// <summary>How many tokens were chosen.</summary>
    [Id(2)] public required int Total { get; init; }

    /// <summary>How many were deleted, or disabled where they are default tokens.</summary>
    [Id(3)] public required int Done { get; init; }

    /// <summary>How many were deleted before their turn.</summary>
    [Id(4)] public required int Gone { get; init; }

    /// <summary>How many were beyond the grant of who started it.</summary>
    [Id(5)] public required int Refused { get; init; }

    /// <summary>The filters that it was made with.</summary>
    [Id(6)] public ImmutableArray<string> Filters { get; init; } = [];

    /// <summary>The token that made or started it.</summary>
    [Id(7)] public required TokenId TokenId { get; init; }

    /// <summary>The member behind that.</summary>
    [Id(8)] public required MemberId MemberId { get; init; }

    /// <summary>When its tokens were chosen.</summary>
    [Id(9)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when a plan may be started; null once it is.</summary>
    [Id(10)] public DateTimeOffset? PlanEndsAt { get; init; }

    /// <summary>When it was started.</summary>
    [Id(11)] public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    [Id(12)] public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>The outcome of a call on a job.</summary>
[GenerateSerializer, Immutable, Alias("TokenActors.RevocationJobAnswer")]
public sealed record RevocationJobAnswer
{
    /// <summary>The job; null where the call was refused.</summary>
    [Id(0)] public RevocationJobView? Job { get; init; }

    /// <summary>Why not.</summary>
    [Id(1)] public RevocationJobRefusal? Refusal { get; init; }

    /// <summary>What a plan would end and what would stay. Null where it is no plan.</summary>
    [Id(2)] public AffectedTokens? Affected { get; init; }

    /// <summary>Where there are too many plans, how long it is until the earliest is over. Null: a silo of an older
    /// release.</summary>
    [Id(3)] public TimeSpan? Wait { get; init; }
}

/// <summary>
/// The revocation of many tokens, durable from its answer on: it goes on by itself after any crash. Key: its id as a
/// lower-case UUID. Every member throws <see cref="ServiceUnavailableException"/> where the database does not answer;
/// asking again is safe. A caller finds jobs of its own organization, and of its own member unless its grant for
/// <c>tokens:delete</c> is whole there.
/// </summary>
[Alias("TokenActors.IRevocationJobGrain")]
public interface IRevocationJobGrain : IGrainWithStringKey
{
    /// <summary>
    /// Chooses the tokens, and begins unless it is a plan. Asked again with the same filters it answers the job that is
    /// there. A plan that matches no token is done at once. Refused: too many tokens, too many plans, id taken, upgrade
    /// pending.
    /// </summary>
    [ResponseTimeout("00:01:00")]
    [Alias("Make")]
    Task<RevocationJobAnswer> Make(MakeRevocationJob command, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts a plan of the caller's token. Asked again it answers the job. Refused: not found, plan is over.
    /// </summary>
    [Alias("Start")]
    Task<RevocationJobAnswer> Start(CallContext context);

    /// <summary>How far it is. Refused: not found.</summary>
    [AlwaysInterleave]
    [Alias("Get")]
    Task<RevocationJobAnswer> Get(CallContext context);

    /// <summary>Ends it before its next tokens; one that ended stays as it is. Refused: not found.</summary>
    [Alias("Stop")]
    Task<RevocationJobAnswer> Stop(CallContext context);
}
