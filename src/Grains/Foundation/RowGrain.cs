using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Foundation;

/// <summary>
/// What a grain of one row has beside its state: the key of the row, the lease under which it may answer from memory,
/// its reminder, and its leaving.
/// </summary>
public abstract class RowGrain(SiloLease lease, TimeProvider time, string kind) : Grain, IOwnsRow
{
    /// <summary>How long an activation without a row stays.</summary>
    private static readonly TimeSpan AbsentStay = TimeSpan.FromSeconds(1);

    /// <summary>After how long a tick that failed is repeated.</summary>
    private static readonly TimeSpan TickAgain = TimeSpan.FromMinutes(1);

    private IGrainTimer? _leaving;
    private volatile bool _inDoubt;

    protected TimeProvider Time => time;

    /// <summary>The time as it is stored.</summary>
    protected DateTimeOffset Now => time.GetUtcNow().CutToMicroseconds();

    /// <summary>Nobody is going to ask it.</summary>
    protected abstract bool IsGone { get; }

    protected RecordKey Key => new(kind, this.GetPrimaryKeyString());

    /// <summary>
    /// Whether the key is an id in the form that rows have; another spelling is another grain, without a row.
    /// </summary>
    protected bool HasCanonicalKey => Guid.TryParseExact(this.GetPrimaryKeyString(), "D", out var id)
        && id.ToString("D") == this.GetPrimaryKeyString();

    void IOwnsRow.Drop() => DeactivateOnIdle();

    /// <summary>For what is answered from memory, the state and what is beside it.</summary>
    /// <exception cref="ServiceUnavailableException">the lease has run out, or the row is to be read again</exception>
    protected void DemandMemory()
    {
        lease.Demand();
        if (_inDoubt)
        {
            DeactivateOnIdle();
            throw new ServiceUnavailableException($"{Key} is read again");
        }
    }

    /// <summary>Registers the grain's reminder with the runtime, also in the past: then it ticks at once.</summary>
    /// <param name="name">of the reminder</param>
    /// <param name="due">when it ticks</param>
    /// <param name="storedTag">under which a commit stored this due time, where it was not registered since: the
    /// registration writes nothing then</param>
    protected async Task RegisterReminder(string name, DateTimeOffset due, string? storedTag = null)
    {
        StoredDue.Tell(storedTag);
        var wait = due - time.GetUtcNow();
        await this.RegisterOrUpdateReminder(name, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TickAgain);
    }

    /// <summary>A kind has one reminder.</summary>
    protected void DemandOwn(string reminderName)
    {
        if (reminderName != Kinds.ReminderOf(kind))
        {
            throw new ArgumentException($"no reminder '{reminderName}'", nameof(reminderName));
        }
    }

    /// <summary>A command of the grain itself, which belongs to no caller.</summary>
    protected CallContext InternalCommand() => new() { CommandId = Guid.CreateVersion7(time.GetUtcNow()) };

    protected void ScheduleLeaving() =>
        _leaving ??= this.RegisterGrainTimer(Leave, AbsentStay, Timeout.InfiniteTimeSpan);

    private Task Leave()
    {
        _leaving?.Dispose();
        _leaving = null;
        if (_inDoubt || !lease.IsHeld || IsGone)
        {
            DeactivateOnIdle();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Nothing is answered from memory any more, to calls or other threads: the successor of this activation reads the
    /// row.
    /// </summary>
    private protected void Doubt()
    {
        _inDoubt = true;
        Withdraw();
        DeactivateOnIdle();
    }

    /// <summary>
    /// As in doubt, and nobody finds it any more. From any thread: the activation is given up, or ends at its next
    /// call.
    /// </summary>
    internal void GiveUp()
    {
        _inDoubt = true;
        Withdraw();
        Deregister();
    }

    /// <summary>Takes it out of where other threads find it; may run more than once.</summary>
    protected virtual void Deregister()
    {
    }

    /// <summary>Runs once what was published may no longer be what is stored: nobody reads it any more.</summary>
    protected virtual void Withdraw()
    {
    }
}
