using System.Collections.Immutable;

namespace TokenActors.Domain.Jobs;

/// <summary>What some tokens of a job answered.</summary>
public sealed record RevokedShare(int Done, int Gone, int Refused)
{
    public int Count => Done + Gone + Refused;
}

/// <summary>
/// The transitions of the revocation of many tokens. Each gives the next state, or the same object where nothing
/// changes.
/// </summary>
public static class RevocationJobMachine
{
    /// <summary>For how long a plan may be started.</summary>
    public static readonly TimeSpan PlanHolds = TimeSpan.FromMinutes(15);

    /// <summary>A job whose tokens are chosen: one that waits to be started, runs at once, or has nothing to
    /// do.</summary>
    public static RevocationJob Make(
        RevocationJob wanted, ImmutableArray<string> filters, bool isPlan, string? key, DateTimeOffset now)
    {
        var made = wanted with
        {
            Filters = filters,
            Status = RevocationJobStatus.Planned,
            PlanEndsAt = now + PlanHolds,
            CreatedAt = now,
            UpdatedAt = now,
            Version = 1,
        };
        return (isPlan, made.Total) switch
        {
            (false, _) => Begun(made, made.Starter, key, now),
            (true, 0) => Ended(made, RevocationJobStatus.Done, now),
            _ => made,
        };
    }

    /// <summary>
    /// Starts a plan, with the rights that its starter has now. Started again it is the same job; null where the plan
    /// holds no more.
    /// </summary>
    public static RevocationJob? Start(RevocationJob current, JobStarter starter, string? key, DateTimeOffset now) => current switch
    {
        { Status: not RevocationJobStatus.Planned } => current,
        _ when current.IsOver(now) => null,
        _ => Begun(Next(current, now), starter, key, now),
    };

    /// <summary>Notes what the next tokens answered; ignored where others were asked meanwhile.</summary>
    public static RevocationJob Advance(RevocationJob current, int from, RevokedShare share, DateTimeOffset now)
    {
        if (current.Status != RevocationJobStatus.Running || current.Asked != from)
        {
            return current;
        }

        var next = Next(current, now) with
        {
            Asked = from + share.Count,
            Done = current.Done + share.Done,
            Gone = current.Gone + share.Gone,
            Refused = current.Refused + share.Refused,
        };
        return next.Asked < next.Total ? next : Ended(next, RevocationJobStatus.Done, now);
    }

    /// <summary>Stops it before its next tokens; one that ended stays as it is.</summary>
    public static RevocationJob Stop(RevocationJob current, DateTimeOffset now) => current.EndedAt is null
        ? Ended(Next(current, now), RevocationJobStatus.Stopped, now)
        : current;

    private static RevocationJob Begun(RevocationJob job, JobStarter starter, string? key, DateTimeOffset now)
    {
        var begun = job with
        {
            Status = RevocationJobStatus.Running,
            Starter = starter,
            StartKey = key,
            PlanEndsAt = null,
            StartedAt = now,
        };
        return begun.Total > 0 ? begun : Ended(begun, RevocationJobStatus.Done, now);
    }

    private static RevocationJob Ended(RevocationJob job, RevocationJobStatus status, DateTimeOffset now) =>
        job with { Status = status, PlanEndsAt = null, EndedAt = now };

    private static RevocationJob Next(RevocationJob current, DateTimeOffset now) =>
        current with { UpdatedAt = now, Version = current.Version + 1 };
}
