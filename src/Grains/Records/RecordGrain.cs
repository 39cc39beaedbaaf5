using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Records;

/// <summary>
/// A grain that owns one row. The next state is built, committed, and only then made current and answered. On a conflict the row is
/// read again and the caller decides again; after a fault of the database the activation is dropped, since what it remembers may no
/// longer be what is stored. Reads look at the last committed state and may interleave.
/// </summary>
public abstract class RecordGrain<TState>(IRecordStore store, SiloLease lease, string kind) : Grain
    where TState : class
{
    private const int MostConflicts = 4;

    private static readonly TimeSpan AbsentStay = TimeSpan.FromSeconds(1);

    private IGrainTimer? _leaving;
    private bool _counted;

    protected IRecordStore Store => store;

    /// <summary>The last committed state; null where there is no row. To be asked only by calls, since it demands the silo's lease.</summary>
    protected TState? Current
    {
        get
        {
            lease.Demand();
            return field;
        }

        private set;
    }

    /// <summary>The command that wrote it.</summary>
    protected string? CurrentCommand { get; private set; }

    protected RecordKey Key => new(kind, this.GetPrimaryKeyString());

    /// <summary>The key is an id as ids are written; another spelling is another grain, which has no row.</summary>
    protected bool HasCanonicalKey => Guid.TryParseExact(this.GetPrimaryKeyString(), "D", out var id) && id.ToString("D") == this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Guarded(async () =>
        {
            await Load();
            return true;
        });
        GrainTelemetry.Activated(kind, 1);
        _counted = true;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        GrainTelemetry.Activated(kind, _counted ? -1 : 0);
        return Task.CompletedTask;
    }

    protected abstract TState Restore(StoredRecord record);

    /// <summary>
    /// Decides and commits, again from the start where another activation was faster. <paramref name="step"/> looks at
    /// <see cref="Current"/> and gives an answer, or what to commit and the answer to give once that is done.
    /// </summary>
    protected Task<TAnswer> Apply<TAnswer>(Func<Step<TState, TAnswer>> step) => Guarded(async () =>
    {
        for (var attempt = 1; ; attempt++)
        {
            var next = step();
            if (next.Commit is not { } commit)
            {
                LeaveIfAbsent();
                return next.Answer(CommitOutcome.Done);
            }

            var outcome = await store.Commit(commit);
            if (outcome == CommitOutcome.Conflict && attempt < MostConflicts)
            {
                await Load();
                continue;
            }

            // Written, perhaps, by a silo that is no longer one: then whoever is must say so.
            lease.Demand();
            if (outcome == CommitOutcome.Done)
            {
                Current = next.State is { } committed && Current is { } before ? Settle(before, committed) : next.State;
                CurrentCommand = commit.Record.CommandId;
            }

            LeaveIfAbsent();
            return outcome == CommitOutcome.Conflict
                ? throw new ServiceUnavailableException($"{Key} kept changing elsewhere")
                : next.Answer(outcome);
        }
    });

    /// <summary>
    /// Carries over what reads noted beside the state while the commit was under way. <paramref name="before"/> is what was current
    /// until now.
    /// </summary>
    protected virtual TState Settle(TState before, TState committed) => committed;

    /// <summary>Changes what is remembered beside the state, such as a first presentation that was queued.</summary>
    protected void Remember(TState state) => Current = state;

    /// <summary>
    /// An activation that found no row, or outlived it, is soon gone again, so that made-up ids do not fill the memory. Not at once: a call
    /// that reaches a closing activation is passed on to the next, and Orleans passes a call on twice at most.
    /// </summary>
    protected void LeaveIfAbsent()
    {
        if (Current is null)
        {
            _leaving ??= this.RegisterGrainTimer(Leave, AbsentStay, Timeout.InfiniteTimeSpan);
        }
    }

    private Task Leave()
    {
        _leaving?.Dispose();
        _leaving = null;
        if (!lease.IsHeld || Current is null)
        {
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    /// <summary>For what is answered from memory beside the state.</summary>
    protected void DemandLease() => lease.Demand();

    protected async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (StorageUnavailableException e)
        {
            DeactivateOnIdle();
            throw new ServiceUnavailableException(e.Message);
        }
        catch (ServiceUnavailableException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task Load()
    {
        var record = await store.Read(Key);
        Current = record is null ? null : Restore(record);
        CurrentCommand = record?.CommandId;
    }

    protected AuditEntry Audit(
        CallContext? context, string commandId, string organizationId, string eventName, long version, DateTimeOffset at, string outcome = "done",
        (Guid? AccountId, Guid? IntegrationId) about = default) =>
        AuditEntries.Of(Key, context, commandId, organizationId, eventName, version, at, outcome, about);
}

/// <summary>What a grain wants to do: nothing but answer, or commit a state and then answer by the outcome.</summary>
/// <param name="State">the next state; null after a purge</param>
/// <param name="Commit">null where nothing is to be written</param>
/// <param name="Answer">the answer, by the outcome of the commit</param>
public sealed record Step<TState, TAnswer>(TState? State, Commit? Commit, Func<CommitOutcome, TAnswer> Answer)
    where TState : class
{
    public static Step<TState, TAnswer> Just(TAnswer answer) => new(null, null, _ => answer);
}
