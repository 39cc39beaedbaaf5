using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// A grain that owns one row. The next state is built, committed, and only then made current and answered. On a
/// conflict the row is read again and the caller decides again; after a fault of the database
/// <see cref="StorageFaultFilter"/> drops the activation, since what it remembers may no longer be what is stored.
/// Reads look at the last committed state and may interleave.
/// </summary>
public abstract class RecordGrain<TState>(IRecordStore store, SiloLease lease, TimeProvider time, string kind)
    : RowGrain(lease, time, kind)
    where TState : class
{
    private const int MostConflicts = 4;

    private bool _answeredAbsent;
    private bool _counted;

    protected IRecordStore Store => store;

    /// <summary>
    /// The last committed state; null where there is no row. Throws once the silo's lease has run out, and from a write
    /// on whose outcome is unknown: the row may say something else.
    /// </summary>
    protected TState? Current
    {
        get
        {
            DemandMemory();
            return field;
        }

        private set
        {
            field = value;
            Publish(value);
        }
    }

    /// <summary>The command that wrote it.</summary>
    protected string? CurrentCommand { get; private set; }

    /// <summary>Nobody is going to ask it.</summary>
    protected override bool IsGone => Current is null;

    public sealed override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // An activation that takes too long is given up and not deactivated: what it has registered would stay.
        cancellationToken.UnsafeRegister(static grain => ((RowGrain)grain!).GiveUp(), this);

        // Call filters do not run around an activation, so the fault is translated here.
        try
        {
            var isFound = await Load();
            cancellationToken.ThrowIfCancellationRequested();
            GrainTelemetry.Activated(Key.Kind, 1);
            _counted = true;
            if (!isFound)
            {
                // Also where the call that activated it was canceled before its turn.
                ScheduleLeaving();
            }

            await OnLoaded();
            if (cancellationToken.IsCancellationRequested)
            {
                GiveUp();
                await OnDeactivateAsync(default, CancellationToken.None);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (StorageUnavailableException e)
        {
            throw new ServiceUnavailableException(e.Message);
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        GrainTelemetry.Activated(Key.Kind, _counted ? -1 : 0);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Runs after the row is read and before the first call: reads or tells what else an activation has to.
    /// </summary>
    protected virtual Task OnLoaded() => Task.CompletedTask;

    /// <summary>
    /// Runs for every state that becomes current, before a command is answered: for what other threads read.
    /// </summary>
    protected virtual void Publish(TState? state)
    {
    }

    protected abstract TState Restore(StoredRecord record);

    /// <summary>
    /// The state; read again where an earlier call found no row. Another grain may have written the row since, in one
    /// transaction with its own, while this activation stayed.
    /// </summary>
    protected async ValueTask<TState?> LoadIfMade(CancellationToken cancellationToken)
    {
        // Calls interleave with the read. A state that became current meanwhile is newer than what was read.
        if (Current is null && _answeredAbsent && await store.Read(Key).UntilCanceled(cancellationToken) is { } record
            && Current is null)
        {
            Current = Restore(record);
            CurrentCommand = record.CommandId;
        }

        return Current;
    }

    /// <summary>
    /// Decides and commits, again from the start where another activation was faster. <paramref name="step"/> looks
    /// at <see cref="Current"/> and gives an answer, or what to commit and the answer to give once that is done. A
    /// caller who leaves before the commit is queued calls the command off; after that it is carried out, and what
    /// becomes of it is remembered as for any other. A preview ends where the commit would begin
    /// (<see cref="PreviewedException"/>).
    /// </summary>
    protected async Task<TAnswer> Apply<TAnswer>(
        Func<Step<TState, TAnswer>> step, CancellationToken cancellationToken, bool isPreview = false)
    {
        await LoadIfMade(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var next = step();
            if (next.Commit is not { } commit)
            {
                LeaveIfAbsent();
                return next.Answer(CommitOutcome.Done);
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (isPreview)
            {
                LeaveIfAbsent();
                return await store.Preview(next, commit);
            }

            // Reads interleave here: they see the state as it was until the commit is durable.
            var outcome = await Write(next, commit);
            if (outcome == CommitOutcome.Conflict && attempt < MostConflicts)
            {
                var known = CurrentCommand;
                await Load();
                if (next.Others.Count > 0 && CurrentCommand == known)
                {
                    // The conflict is about a row made with this one: deciding again would decide the same.
                    LeaveIfAbsent();
                    return next.Answer(outcome);
                }

                continue;
            }

            DemandLeaseAfterWrite();
            if (outcome == CommitOutcome.Done)
            {
                Current = next.State is { } committed && Current is { } before ? Settle(before, committed) : next.State;
                CurrentCommand = commit.Record.CommandId;
                OnWritten(commit.Record);
            }

            LeaveIfAbsent();
            if (outcome == CommitOutcome.Conflict)
            {
                DeactivateOnIdle();
                throw new ServiceUnavailableException($"{Key} kept changing elsewhere");
            }

            return next.Answer(outcome);
        }
    }

    /// <summary>
    /// The row may be written although the lease ran out meanwhile. Another activation may have changed it since: only
    /// one under a lease may answer, and none that does not know what became of its write.
    /// </summary>
    private void DemandLeaseAfterWrite()
    {
        try
        {
            DemandMemory();
        }
        catch (ServiceUnavailableException)
        {
            Doubt();
            throw;
        }
    }

    private async Task<CommitOutcome> Write<TAnswer>(Step<TState, TAnswer> step, Commit commit)
    {
        try
        {
            return await (step.Others.Count == 0 ? store.Commit(commit) : store.CommitAll([commit, .. step.Others]));
        }
        catch (StorageUnavailableException)
        {
            Doubt();
            throw;
        }
    }

    /// <summary>
    /// Carries over what reads noted beside the state while the commit was under way. <paramref name="before"/> is
    /// what was current until now.
    /// </summary>
    protected virtual TState Settle(TState before, TState committed) => committed;

    /// <summary>Runs for every row that was written, before the command is answered.</summary>
    protected virtual void OnWritten(StoredRecord row)
    {
    }

    /// <summary>Changes what is remembered beside the state, such as a first presentation that was queued.</summary>
    protected void Remember(TState state) => Current = state;

    /// <summary>
    /// Deactivates an activation without a row after a second, so that made-up ids do not fill the memory. Not at once:
    /// Orleans forwards a call that reaches a deactivating grain, and does so twice at most.
    /// </summary>
    protected void LeaveIfAbsent()
    {
        if (Current is null)
        {
            _answeredAbsent = true;
            ScheduleLeaving();
        }
    }

    /// <summary>
    /// Takes no token: other calls may wait for the same load, and after a conflict the memory has to follow the row.
    /// </summary>
    private async Task<bool> Load()
    {
        var record = await store.Read(Key);
        Current = record is null ? null : Restore(record);
        CurrentCommand = record?.CommandId;
        return record is not null;
    }
}
