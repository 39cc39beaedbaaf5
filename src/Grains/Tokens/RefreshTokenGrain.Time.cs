using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;

namespace TokenActors.Grains.Tokens;

/// <summary>Expiry, purge and the cascade below a deleted token: derived again from the stored state at every tick, so ticks may repeat.</summary>
public sealed partial class RefreshTokenGrain
{
    private const string Expiry = Kinds.Expiry;
    private const int ChildrenAtOnce = 100;

    /// <summary>After how long a tick that failed is repeated.</summary>
    private static readonly TimeSpan TickAgain = TimeSpan.FromMinutes(1);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName != Expiry)
        {
            throw new ArgumentException($"no reminder '{reminderName}'", nameof(reminderName));
        }

        if (Current is { } found && TokenMachine.NextDue(found) is { } since && since <= time.GetUtcNow())
        {
            GrainTelemetry.Ticked(time.GetUtcNow() - since);
        }

        while (Current is not null && await TickOnce())
        {
        }

        await FinishDelete();
        LeaveIfAbsent();
        if (Current is { } state && TokenMachine.NextDue(state) is { } due)
        {
            if (_dueAt < due)
            {
                await Guarded(async () =>
                {
                    await Store.MoveDue(Key, state.Version, due);
                    return true;
                });
                _dueAt = due;
            }

            // Also where it is far off: it replaces what just ticked in the runtime's memory.
            await RegisterAt(due);
        }
    }

    public async Task FinishDelete()
    {
        if (Current is not { CascadePending: true } state)
        {
            return;
        }

        // Ends only with a scan that began after the tombstone was stored and found nothing: no child commits under a tombstone.
        while (await Guarded(() => Store.Children(Kinds.Token, state.Id.ToString(), ChildrenAtOnce)) is { Count: > 0 } children)
        {
            foreach (var child in children)
            {
                var grain = GrainFactory.GetGrain<IRefreshTokenGrain>(child.Key.Id);
                await grain.Delete(new ChangeToken { Context = new CallContext { CommandId = NewCommandId() } });
            }
        }

        await Internally(new TokenCommand.FinishCascade());
        await Organization(state.OrganizationId).TokenGone(state.Id);
    }

    /// <summary>
    /// Before a delete is answered: the authority is told where there is anything below, so that nothing below is accepted from then
    /// on. The cleaning up is a call to itself that runs after the answer; the reminder finishes it after a crash.
    /// </summary>
    private async Task BeginCascade(TokenState state)
    {
        if (await Guarded(() => Store.Children(Kinds.Token, state.Id.ToString(), 1)) is { Count: > 0 })
        {
            await Organization(state.OrganizationId).TokenDying(state.Id);
        }

        this.AsReference<IRefreshTokenGrain>().FinishDelete().Forget();
    }

    /// <summary>Does the one thing that is due first; false where nothing is.</summary>
    private async Task<bool> TickOnce() => await Internally(new TokenCommand.Tick()) is { Unchanged: false, Refusal: null };

    private Task<TokenAnswer> Internally(TokenCommand command) => Apply(() =>
    {
        var now = time.GetUtcNow();
        return StepOf(TokenMachine.Decide(Current, command, settings.Rules, now), null, NewCommandId().ToString("N"), now);
    });

    /// <summary>What falls due before the runtime reads its reminders again is registered with it; the read finds all else in the row.</summary>
    private async Task RegisterIfDueSoon()
    {
        if (Current is { CascadePending: false } state && TokenMachine.NextDue(state) is { } due
            && due - time.GetUtcNow() < settings.ReminderReadPeriod)
        {
            await RegisterAt(due);
        }
    }

    private async Task RegisterAt(DateTimeOffset due)
    {
        var wait = due - time.GetUtcNow();
        await Guarded(() => this.RegisterOrUpdateReminder(Expiry, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TickAgain));
    }

    private Guid NewCommandId() => Guid.CreateVersion7(time.GetUtcNow());
}
