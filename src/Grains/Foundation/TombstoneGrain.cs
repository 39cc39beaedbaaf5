using TokenActors.Domain.Records;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// A grain whose row stays as a tombstone after its deletion. The deletion is answered once the tombstone is stored
/// and the authority knows of it, so that nothing below is accepted from then on. What hangs below is deleted by a
/// call that runs after the answer, and by the reminder <c>cascade</c> where a crash came between. Thirty days later
/// the reminder purges the row. Every step may be repeated.
/// </summary>
public abstract class TombstoneGrain<TState, TAnswer>(
    IRecordStore store, SiloLease lease, TimeProvider time, string kind)
    : RecordGrain<TState>(store, lease, time, kind), IRemindable
    where TState : class, ITombstone
{
    private const int DeletedAtOnce = 250;

    /// <summary>Deletes what hangs below a tombstone and ends its cascade. Does nothing to any other record.</summary>
    public async Task FinishDelete()
    {
        if (Current is not { CascadePending: true } state)
        {
            return;
        }

        await DeleteBelow(state);
        await Execute(InternalCommand(), FinishCascade, CancellationToken.None);
        await OnCascadeFinished(state);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        DemandOwn(reminderName);
        await FinishDelete();
        if (Current is { } dead && Tombstone.IsOver(dead, Time.GetUtcNow()))
        {
            await Apply(
                () => new Step<TState, TAnswer>(
                    null, PurgeOf(dead, InternalCommand()), _ => Refused(ResourceRefusal.NotFound)),
                CancellationToken.None);
        }

        LeaveIfAbsent();
        if (Current is { } state && Tombstone.DueAt(state) is { } due)
        {
            await RegisterReminder(Kinds.Cascade, due);
        }
    }

    /// <summary>
    /// Deletes what hangs on a tombstone: ends only with a scan that began after the tombstone was stored and found
    /// nothing.
    /// </summary>
    protected abstract Task DeleteBelow(TState state);

    /// <summary>The transition that ends a cascade.</summary>
    protected abstract Transition<TState> FinishCascade(TState? current, DateTimeOffset now);

    /// <summary>The row of a state.</summary>
    protected abstract StoredRecord RowOf(TState state, string commandId);

    protected abstract string NameOf(TState state);

    /// <summary>The organization whose audit trail lists a change.</summary>
    protected abstract string AuditedIn(TState state, CallContext context);

    /// <summary>The rows that have to be live for a record to be made.</summary>
    protected abstract IReadOnlyList<RecordKey> ParentsOf(TState state);

    /// <summary>The account and integration that the trail says a change was about.</summary>
    protected virtual (Guid? AccountId, Guid? IntegrationId) About(TState state) => default;

    /// <summary>The answer to a command that was done, and is the same whenever it is asked again.</summary>
    protected abstract TAnswer Done(TState state);

    protected abstract TAnswer Refused(ResourceRefusal refusal);

    /// <summary>Runs once everything below is deleted.</summary>
    protected virtual Task OnCascadeFinished(TState state) => Task.CompletedTask;

    /// <summary>Runs before a command is answered, whether it changed something or was found done.</summary>
    protected virtual Task OnCommitted(TState state) => Task.CompletedTask;

    /// <summary>The answer once others know: the call that carried it out may have failed after its commit.</summary>
    protected async Task<TAnswer> Told(TState state, TAnswer answer)
    {
        await OnCommitted(state);
        return answer;
    }

    /// <summary>
    /// Carries a command out: answered from the current state where this very command wrote it, decided by a
    /// transition otherwise, again from the start where another activation was faster.
    /// </summary>
    /// <param name="context">names the command and its caller</param>
    /// <param name="decide">the transition</param>
    /// <param name="others">rows of other grains that are written with the next state</param>
    /// <param name="cancellationToken">calls the command off until its commit is queued</param>
    protected async Task<TAnswer> Execute(
        CallContext context,
        Func<TState?, DateTimeOffset, Transition<TState>> decide,
        Func<TState, IReadOnlyList<Commit>>? others,
        CancellationToken cancellationToken)
    {
        var answer = await Apply(() =>
        {
            if (Current is { } own && CurrentCommand == context.CommandId.ToString("N"))
            {
                return Step<TState, TAnswer>.Just(Done(own));
            }

            var decision = decide(Current, Now);
            if (decision.State is not { } next)
            {
                return Step<TState, TAnswer>.Just(Refused(Of(decision.Refusal)));
            }

            return decision.Event is { } happened
                ? StepTo(next, happened, context) with { Others = others?.Invoke(next) ?? [] }
                : Step<TState, TAnswer>.Just(Done(next));
        }, cancellationToken, context.IsPreview);
        if (Current is { } state)
        {
            await OnCommitted(state);
        }

        return answer;
    }

    /// <summary>The same for a command that writes no row but its own.</summary>
    protected Task<TAnswer> Execute(
        CallContext context,
        Func<TState?, DateTimeOffset, Transition<TState>> decide,
        CancellationToken cancellationToken) =>
        Execute(context, decide, others: null, cancellationToken);

    /// <summary>
    /// Deletes in pages until a page is empty. The grains of a page are called at once, so that their commits are
    /// written in groups; one that fails ends the cascade when the others are done, and the reminder goes on.
    /// </summary>
    protected static async Task DeleteAll(
        Func<int, Task<IReadOnlyList<StoredRecord>>> scan, Func<RecordKey, Task> delete)
    {
        while (await scan(DeletedAtOnce) is { Count: > 0 } rows)
        {
            await Task.WhenAll(rows.Select(row => delete(row.Key)));
        }
    }

    private Step<TState, TAnswer> StepTo(TState next, string happened, CallContext context) =>
        new(next, CommitOf(next, happened, context), outcome => outcome switch
        {
            CommitOutcome.Done => Done(next),
            CommitOutcome.NameTaken => Refused(ResourceRefusal.NameTaken),
            CommitOutcome.ParentGone => Refused(ResourceRefusal.OwnerGone),
            CommitOutcome.Conflict => Refused(ResourceRefusal.IdTaken),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
        });

    /// <summary>The commit of a state and its audit entry.</summary>
    private Commit CommitOf(TState next, string happened, CallContext context)
    {
        var row = RowOf(next, context.CommandId.ToString("N"));
        var audit = AuditOf(next, happened, context, row.Version, Now);
        return Current is { } before
            ? RowWriter.Update(row, RowWriter.NameKeyOf(before, NameOf(before)), audit)
            : RowWriter.Create(row, audit, ParentsOf(next));
    }

    private Commit PurgeOf(TState state, CallContext context)
    {
        var row = RowOf(state, context.CommandId.ToString("N"));
        row = row with { Version = row.Version + 1 };
        return RowWriter.Purge(row, AuditOf(state, "purged", context, row.Version, Now));
    }

    private AuditEntry AuditOf(TState state, string happened, CallContext context, long version, DateTimeOffset at) =>
        AuditEntries.Of(
            Key,
            context,
            context.CommandId.ToString("N"),
            AuditedIn(state, context),
            $"{Key.Kind}.{happened}",
            version,
            at,
            about: About(state));

    private static ResourceRefusal Of(TransitionRefusal? refusal) => refusal switch
    {
        TransitionRefusal.NotFound => ResourceRefusal.NotFound,
        TransitionRefusal.IdTaken => ResourceRefusal.IdTaken,
        TransitionRefusal.ChangedMeanwhile => ResourceRefusal.ChangedMeanwhile,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, null),
    };
}
