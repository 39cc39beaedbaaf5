using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.DurableJobs;

/// <summary>
/// A change of many things: one share at a time, each noted before the next begins. A reminder takes up a job whose
/// silo died; its commands are those of before, so that nothing is asked for twice.
/// </summary>
public abstract class JobGrain<TJob, TAnswer>(IRecordStore store, SiloLease lease, TimeProvider time, string kind)
    : RecordGrain<TJob>(store, lease, time, kind), IRemindable
    where TJob : DurableJob
    where TAnswer : class
{
    protected const string Finished = "finished";

    /// <summary>After how long a share that was not answered is asked again; the reminder does so too.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(3);

    private bool _isUnderWay;
    private bool _isReminded;

    /// <summary>What is answered of a job that is not there, or that the caller may not know of.</summary>
    protected abstract TAnswer NotFound { get; }

    /// <summary>What is answered where another job bears the name that this one was to be given.</summary>
    protected virtual TAnswer NameTaken => NotFound;

    /// <summary>The kinds of rows that are needed until it ends, and those until it is purged.</summary>
    protected abstract (string UntilItEnds, string[] UntilPurged) Parts { get; }

    public async Task Run()
    {
        if (Current is not { IsRunning: true } job)
        {
            return;
        }

        _isUnderWay = false;
        var isAsked = false;
        try
        {
            await Advance(job);
            isAsked = true;
        }
        finally
        {
            if (!isAsked)
            {
                this.RegisterGrainTimer(GoOn, AgainAfter, Timeout.InfiniteTimeSpan);
            }
        }

        await GoOn();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        DemandOwn(reminderName);
        if (Current is { } over && over.IsOver(Now))
        {
            foreach (var part in new[] { Parts.UntilItEnds }.Concat(Parts.UntilPurged))
            {
                await JobParts.Drop(Store, part, Key, NewCommandId);
            }

            await Apply(
                () => new Step<TJob, bool>(
                    null, RowWriter.Purge(RowOf(over with { Version = over.Version + 1 }, NewCommandId())), _ => true),
                CancellationToken.None);
        }

        if (Current is { } stalled && stalled.DueAt <= Now)
        {
            // Its call to itself was lost.
            _isUnderWay = false;
        }

        await GoOn();
    }

    /// <summary>Whoever asks about a job whose silo died need not wait for its reminder.</summary>
    protected override Task OnLoaded()
    {
        if (Current is { IsRunning: true })
        {
            this.RegisterGrainTimer(GoOn, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        return Task.CompletedTask;
    }

    /// <summary>Calls <see cref="Run"/> by the grain's own interface, without waiting for it.</summary>
    protected abstract void CallRun();

    /// <summary>Gives a share its turn, and notes what it came to.</summary>
    protected abstract Task Advance(TJob job);

    protected abstract StoredRecord RowOf(TJob job, string commandId);

    protected abstract TAnswer Shown(TJob job);

    /// <summary>The next share by a call of its own, or what is left to do for a job that ended.</summary>
    protected async Task GoOn()
    {
        LeaveIfAbsent();
        if (Current is not { } job)
        {
            return;
        }

        if (job.IsRunning && !_isUnderWay)
        {
            _isUnderWay = true;
            CallRun();
        }

        if (job.EndedAt is not null)
        {
            await JobParts.Drop(Store, Parts.UntilItEnds, Key, NewCommandId);
        }

        // It ticks every minute from then on, however far the job gets meanwhile.
        if (!_isReminded || job.EndedAt is not null)
        {
            await RegisterReminder(Kinds.Run, job.DueAt);
            _isReminded = true;
        }
    }

    /// <summary>A transition by a caller, which gives null where it is refused.</summary>
    protected async Task<TAnswer> Change(
        CallContext context, string? happened, Func<TJob, TJob?> change, Func<TJob, TAnswer> refused,
        Func<TJob, IReadOnlyList<Commit>>? others = null)
    {
        if (await LoadIfMade(CancellationToken.None) is not { } job)
        {
            LeaveIfAbsent();
            return NotFound;
        }

        var answer = await Write(change, context, _ => happened, others) ?? refused(job);
        await GoOn();
        return answer;
    }

    /// <summary>Writes what a share came to.</summary>
    protected Task Note(Func<TJob, TJob> change, IReadOnlyList<Commit>? others = null) =>
        Write(change, InternalCommand(), next => next.EndedAt is null ? null : Finished, _ => others ?? []);

    /// <summary>Writes a state, with an audit row unless only its progress changed.</summary>
    protected Step<TJob, T> StepTo<T>(TJob next, CallContext context, string? happened, T answer)
    {
        var row = RowOf(next, context.CommandId.ToString("N"));
        AuditEntry[] audit = happened is null
            ? []
            : [AuditEntries.Of(
                Key, context, row.CommandId, row.OrganizationId, $"{Key.Kind}.{happened}", next.Version, Now)];
        return new(next, new Commit(row, next.Version - 1, audit), _ => answer);
    }

    /// <summary>The same, where the name can be another's.</summary>
    protected Step<TJob, TAnswer?> NamedStepTo(TJob next, CallContext context, string? happened)
    {
        var answer = Shown(next);
        return StepTo<TAnswer?>(next, context, happened, answer) with
        {
            Answer = outcome => outcome == CommitOutcome.NameTaken ? NameTaken : answer,
        };
    }

    protected string NewCommandId() => InternalCommand().CommandId.ToString("N");

    /// <returns>null where there is no next state</returns>
    private Task<TAnswer?> Write(
        Func<TJob, TJob?> change, CallContext context, Func<TJob, string?> happened, Func<TJob, IReadOnlyList<Commit>>? others) => Apply(
        () =>
        {
            if (Current is not { } current || change(current) is not { } next)
            {
                return Step<TJob, TAnswer?>.Just(null);
            }

            return ReferenceEquals(next, current)
                ? Step<TJob, TAnswer?>.Just(Shown(current))
                : NamedStepTo(next, context, happened(next)) with { Others = others?.Invoke(current) ?? [] };
        },
        CancellationToken.None);
}
