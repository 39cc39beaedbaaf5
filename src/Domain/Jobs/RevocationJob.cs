using System.Collections.Immutable;
using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;

namespace TokenActors.Domain.Jobs;

/// <summary>How far a job is.</summary>
public enum RevocationJobStatus
{
    /// <summary>Its tokens are chosen, and nothing is done until it is started.</summary>
    Planned,

    Running,

    /// <summary>Every token was asked.</summary>
    Done,

    /// <summary>Somebody stopped it; what was done stays done.</summary>
    Stopped,
}

/// <summary>Whose rights a job asks each token with. It goes on when the token that started it dies.</summary>
public sealed record JobStarter(TokenId TokenId, MemberId MemberId, ImmutableArray<TokenId> Ancestors, Grant Grant);

/// <summary>
/// The revocation of many tokens. Its tokens are chosen once, in an order that stays: those that are made later are
/// never among them.
/// </summary>
public sealed record RevocationJob
{
    public required Guid Id { get; init; }

    public required OrganizationId OrganizationId { get; init; }

    public required JobStarter Starter { get; init; }

    /// <summary>By which its tokens were chosen, as they were given.</summary>
    public ImmutableArray<string> Filters { get; init; } = [];

    public required RevocationJobStatus Status { get; init; }

    /// <summary>How many tokens were chosen.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them were asked: the first so many, in their order.</summary>
    public int Asked { get; init; }

    /// <summary>Deleted, or, of default tokens, disabled.</summary>
    public int Done { get; init; }

    /// <summary>Deleted before their turn.</summary>
    public int Gone { get; init; }

    /// <summary>Beyond the starter's grant at their turn.</summary>
    public int Refused { get; init; }

    /// <summary>Until when a plan may be started.</summary>
    public DateTimeOffset? PlanEndsAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long Version { get; init; }

    /// <summary>When somebody has to look after it, also after a crash.</summary>
    public DateTimeOffset DueAt => this switch
    {
        { Status: RevocationJobStatus.Planned, PlanEndsAt: { } end } => end,
        { EndedAt: { } ended } => ended + RevocationJobMachine.KeptFor,
        _ => UpdatedAt + RevocationJobMachine.Patience,
    };

    /// <summary>Nobody asks for it any more.</summary>
    public bool IsOver(DateTimeOffset now) => Status != RevocationJobStatus.Running && DueAt <= now;
}
