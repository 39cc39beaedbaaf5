namespace TokenActors.Domain.Jobs;

/// <summary>What some lines of an import came to.</summary>
public sealed record ImportedShare(int Done, int Refused)
{
    public int Count => Done + Refused;
}

/// <summary>
/// The transitions of the import of many keys. Each gives the next state, the same object where nothing changes, or
/// null where it is refused.
/// </summary>
public static class ImportJobMachine
{
    /// <summary>After how long without further lines one is given up that was not started.</summary>
    public static readonly TimeSpan ReceivingHolds = TimeSpan.FromMinutes(15);

    /// <summary>An import whose lines are to come.</summary>
    public static ImportJob Make(ImportJob wanted, DateTimeOffset now) => wanted with
    {
        Status = ImportJobStatus.Receiving,
        CreatedAt = now,
        UpdatedAt = now,
        Version = 1,
    };

    /// <summary>
    /// The next lines. Ignored where they are there already, as when a call is repeated; refused where others are
    /// missing before them, where there would be too many, and once it was started.
    /// </summary>
    public static ImportJob? Receive(ImportJob current, int from, int count, DateTimeOffset now) => current switch
    {
        _ when from + count <= current.Received => current,
        { Status: not ImportJobStatus.Receiving } => null,
        _ when from != current.Received || from + count > current.Total => null,
        _ => Next(current, now) with { Received = from + count },
    };

    /// <summary>Begins to import. Started again it is the same job; refused while lines are missing.</summary>
    public static ImportJob? Start(ImportJob current, DateTimeOffset now) => current switch
    {
        { Status: not ImportJobStatus.Receiving } => current,
        _ when current.Received < current.Total => null,
        { Total: 0 } => Ended(Next(current, now) with { StartedAt = now }, ImportJobStatus.Done, now),
        _ => Next(current, now) with { Status = ImportJobStatus.Running, StartedAt = now },
    };

    /// <summary>Notes what the next lines came to; ignored where others had their turn meanwhile.</summary>
    public static ImportJob Advance(ImportJob current, int from, ImportedShare share, DateTimeOffset now)
    {
        if (current.Status != ImportJobStatus.Running || current.Asked != from)
        {
            return current;
        }

        var next = Next(current, now) with
        {
            Asked = from + share.Count,
            Done = current.Done + share.Done,
            Refused = current.Refused + share.Refused,
        };
        return next.Asked < next.Total ? next : Ended(next, ImportJobStatus.Done, now);
    }

    /// <summary>Stops it before its next lines; one that ended stays as it is.</summary>
    public static ImportJob Stop(ImportJob current, DateTimeOffset now) => current.EndedAt is null
        ? Ended(Next(current, now), ImportJobStatus.Stopped, now)
        : current;

    private static ImportJob Ended(ImportJob job, ImportJobStatus status, DateTimeOffset now) =>
        job with { Status = status, EndedAt = now };

    private static ImportJob Next(ImportJob current, DateTimeOffset now) =>
        current with { UpdatedAt = now, Version = current.Version + 1 };
}
