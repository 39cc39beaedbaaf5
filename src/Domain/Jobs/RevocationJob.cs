using System.Collections.Immutable;

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

/// <summary>
/// The revocation of many tokens. Its tokens are chosen once, in an order that stays: those that are made later are
/// never among them. Done are those that were deleted, or, of default tokens, disabled; refused are those beyond the
/// starter's grant at their turn.
/// </summary>
public sealed record RevocationJob : DurableJob
{
    /// <summary>By which its tokens were chosen, as they were given.</summary>
    public ImmutableArray<string> Filters { get; init; } = [];

    public required RevocationJobStatus Status { get; init; }

    /// <summary>Deleted before their turn.</summary>
    public int Gone { get; init; }

    /// <summary>Names the idempotency key under which it was started; no two of an organization have the
    /// same.</summary>
    public string? StartKey { get; init; }

    /// <summary>Until when a plan may be started.</summary>
    public DateTimeOffset? PlanEndsAt { get; init; }

    public override bool IsRunning => Status == RevocationJobStatus.Running;

    protected override DateTimeOffset? StartBefore => Status == RevocationJobStatus.Planned ? PlanEndsAt : null;
}
