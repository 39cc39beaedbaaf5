using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// Deletion: a tombstone, told to the authority before the answer, so that nothing below is accepted from then on; what hangs below is
/// deleted after it, and the reminder finishes what a crash interrupted. Every step may be repeated.
/// </summary>
public abstract partial class ResourceGrain
{
    private const string Cascade = Kinds.Cascade;
    private const int AtOnce = 100;

    private static readonly TimeSpan KeptAfterDelete = TimeSpan.FromDays(30);
    private static readonly TimeSpan TickAgain = TimeSpan.FromMinutes(1);

    public async Task<ResourceAnswer> Delete(DeleteResource command)
    {
        var own = CurrentCommand == command.Context.CommandId.ToString("N");
        if (Current is not { } current || (current.DeletedAt is not null && !own) || !IsWithin(current, command.Context.Caller))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.NotFound);
        }

        if (!own && (await Hide(current, command.Context.Caller, "delete") ?? await RefuseRights(current, command.Context.Caller)
            ?? await RefuseDeletion(current, command.Context.Caller)) is { } refusal)
        {
            return refusal;
        }

        var dead = current with
        {
            DeletedAt = current.DeletedAt ?? time.GetUtcNow().CutToMicroseconds(),
            CascadePending = kind.Children.Count > 0,
            CreatedBy = null,
        };
        var answer = own ? new ResourceAnswer() : await Commit(
            command.Context, "deleted", dead, state => state is { DeletedAt: null } && state.Version == current.Version ? dead : null);
        if (answer.Refusal is null && Current is { CascadePending: true })
        {
            await Organization(current.OrganizationId).Dying(Id);
            this.AsReference<IResourceGrain>().FinishDelete().Forget();
        }

        return answer;
    }

    public async Task FinishDelete()
    {
        if (Current is not { CascadePending: true } state)
        {
            return;
        }

        // Ends only with a scan that began after the tombstone was stored and found nothing: no child commits under a tombstone.
        foreach (var child in kind.Children)
        {
            while (await Guarded(() => Store.Owned(child, state.Id.ToString(), AtOnce)) is { Count: > 0 } rows)
            {
                foreach (var row in rows)
                {
                    await DeleteChild(row.Key);
                }
            }
        }

        await Commit(Internal(), "cascade_finished", state, current => current is { CascadePending: true } ? current with { CascadePending = false } : null);
        await Organization(state.OrganizationId).Gone(state.Id);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName != Cascade)
        {
            throw new ArgumentException($"no reminder '{reminderName}'", nameof(reminderName));
        }

        await FinishDelete();
        if (Current is { DeletedAt: { } deletedAt, CascadePending: false } dead && time.GetUtcNow() - deletedAt >= KeptAfterDelete)
        {
            await Purge(dead);
        }

        LeaveIfAbsent();
        if (Current is { } state && NextDue(state) is { } due)
        {
            var wait = due - time.GetUtcNow();
            await Guarded(() => this.RegisterOrUpdateReminder(Cascade, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TickAgain));
        }
    }

    /// <summary>What else keeps a resource from being deleted by a caller.</summary>
    protected virtual ValueTask<ResourceAnswer?> RefuseDeletion(ResourceState state, Caller? caller) => ValueTask.FromResult<ResourceAnswer?>(null);

    private static DateTimeOffset? NextDue(ResourceState state) =>
        state.DeletedAt is not { } deletedAt ? null : state.CascadePending ? deletedAt : deletedAt + KeptAfterDelete;

    private async Task DeleteChild(RecordKey child)
    {
        if (child.Kind == Kinds.Token)
        {
            await GrainFactory.GetGrain<IRefreshTokenGrain>(child.Id).EndWithOwner(new ChangeToken { Context = Internal() });
            return;
        }

        await ResourceKinds.Of(child.Kind).Grain(GrainFactory, child.Id).Delete(new DeleteResource { Context = Internal() });
    }

    private CallContext Internal() => new() { CommandId = Guid.CreateVersion7(time.GetUtcNow()) };

    private Task<ResourceAnswer> Purge(ResourceState state) => Apply(() =>
    {
        var commandId = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        var next = state with { Version = state.Version + 1 };
        return new Step<ResourceState, ResourceAnswer>(
            null, CommitOf(next, null, "purged", commandId, time.GetUtcNow()) with { Purges = true }, _ => Refused(ResourceRefusal.NotFound));
    });
}
