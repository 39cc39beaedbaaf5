using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Records;
using TokenActors.Domain.Secrets;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// A resource of an organization: what creating, reading, replacing and deleting share. It owns the resource's row
/// and the reminder <c>cascade</c>. A kind says which account a grant reaches it through, and which rights it gives.
/// </summary>
public abstract class ResourceGrain(IRecordStore store, SiloLease lease, TimeProvider time, ResourceKind kind)
    : TombstoneGrain<ResourceState, ResourceAnswer>(store, lease, time, kind.Name), IResourceGrain
{
    protected Guid Id => Guid.ParseExact(this.GetPrimaryKeyString(), "D");

    public Task<ResourceAnswer> Create(CreateResource command, CancellationToken cancellationToken) =>
        Create(command, others: null, cancellationToken);

    public async Task<ResourceAnswer> Get(ReadResource query, CancellationToken cancellationToken)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null } state && state.OrganizationId == query.OrganizationId
            ? await Hide(state, query.Caller, query.Verb, cancellationToken)
                ?? await Earlier(state, query.Call)
                ?? Done(state)
            : Refused(ResourceRefusal.NotFound);
    }

    public Task<ResourceAnswer> Update(UpdateResource command, CancellationToken cancellationToken) =>
        Update(command, others: null, cancellationToken);

    public async Task<ResourceAnswer> Delete(DeleteResource command, CancellationToken cancellationToken)
    {
        var caller = command.Context.Caller;
        var isOwn = CurrentCommand == command.Context.CommandId.ToString("N");
        if (Current is not { } current || (current.DeletedAt is not null && !isOwn) || !current.IsOf(caller))
        {
            LeaveIfAbsent();
            return Current is { } gone && gone.IsOf(caller) && gone.IsDeletedUnder(command.Context.Idempotency, Now)
                ? Done(gone)
                : Refused(ResourceRefusal.NotFound);
        }

        if (!isOwn && (await RefuseDelete(current, caller, cancellationToken)
            ?? current.Earlier(command.Context.Idempotency, Now)) is { } refusal)
        {
            return refusal;
        }

        var answer = await Execute(
            command.Context,
            (state, now) => ResourceMachine.Delete(
                state, current, cascades: kind.Children.Count > 0, ResourceState.CallOf(command.Context), now),
            cancellationToken);
        if (answer.Refusal is null && Current is { CascadePending: true })
        {
            await Organization(current.OrganizationId).MarkDeleting(Id);
            await GrainFactory.TokensOf(current, Store, Time).BuryBeforeAnswer();
            this.AsReference<IResourceGrain>().FinishDelete().Forget();
        }

        return answer;
    }

    /// <summary><paramref name="others"/> are rows that are made with the resource, all of them or none.</summary>
    protected async Task<ResourceAnswer> Create(
        CreateResource command, Func<ResourceState, IReadOnlyList<Commit>>? others, CancellationToken cancellationToken)
    {
        if (Current is { } existing)
        {
            var repeated = Repeated(existing, command.Context);
            return repeated.Refusal is null ? await Told(existing, repeated) : repeated;
        }

        var wanted = Protect(ResourceState.Of(Id, command, Now), command.Secret);
        wanted = wanted with { NameScope = await NameScopeOf(wanted, cancellationToken) };
        if ((await Refuse(wanted, command.Context.Caller, kind.CreateVerb, cancellationToken)
            ?? await RefuseLast(wanted, current: null, command.Context)) is { } refusal)
        {
            LeaveIfAbsent();
            return refusal;
        }

        return await Execute(
            command.Context,
            (s, now) => ResourceMachine.Create(s, wanted, now, kind.IsMadeByChange), others, cancellationToken);
    }

    /// <summary><paramref name="others"/> are rows that are made with the change, all of them or none.</summary>
    protected async Task<ResourceAnswer> Update(
        UpdateResource command, Func<ResourceState, IReadOnlyList<Commit>>? others, CancellationToken cancellationToken)
    {
        var caller = command.Context.Caller;
        if (Current is not { DeletedAt: null } current || !current.IsOf(caller))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.NotFound);
        }

        if (CurrentCommand == command.Context.CommandId.ToString("N"))
        {
            return await Told(current, Done(current));
        }

        if ((await Hide(current, caller, command.Verb, cancellationToken)
            ?? await Earlier(current, command.Context.Idempotency)) is { } known)
        {
            return known;
        }

        var changed = current with { Name = command.Name, FullName = command.FullName, Content = command.Content };
        var next = Protect(changed, command.Secret);
        if (await RefuseRights(current, caller, cancellationToken) is { } beyond)
        {
            return beyond;
        }

        if ((await Refuse(next, caller, command.Verb, cancellationToken)
            ?? await RefuseLast(next, current, command.Context)) is { } refusal)
        {
            return refusal;
        }

        return command.ExpectedVersion is { } expected && expected != current.Version
            ? Refused(ResourceRefusal.ChangedMeanwhile)
            : await Execute(
                command.Context,
                (s, now) => ResourceMachine.Update(s, next, current, ResourceState.CallOf(command.Context), now),
                others,
                cancellationToken);
    }

    protected override ResourceState Restore(StoredRecord record) => ResourceState.FromRecord(record);

    protected override StoredRecord RowOf(ResourceState state, string commandId) =>
        ResourceRow.Of(state, kind.Name, commandId);

    protected override string NameOf(ResourceState state) => state.Name;

    protected override string AuditedIn(ResourceState state, CallContext context) => state.OrganizationId.ToString();

    protected override IReadOnlyList<RecordKey> ParentsOf(ResourceState state) => ResourceRow.ParentsOf(state);

    protected override (Guid? AccountId, Guid? IntegrationId) About(ResourceState state) => ResourceRow.About(state);

    protected override Transition<ResourceState> FinishCascade(ResourceState? current, DateTimeOffset now) =>
        ResourceMachine.FinishCascade(current, now);

    protected override async Task DeleteBelow(ResourceState state)
    {
        foreach (var child in kind.Children)
        {
            await (child == Kinds.Token
                ? GrainFactory.TokensOf(state, Store, Time).End()
                : DeleteAll(
                    limit => Store.Owned(child, Key.Id, limit), row => GrainFactory.Delete(row, InternalCommand())));
        }
    }

    protected override Task OnCascadeFinished(ResourceState state) =>
        Organization(state.OrganizationId).ClearDeleting(state.Id);

    protected override ResourceAnswer Done(ResourceState state) =>
        new() { Resource = state.DeletedAt is null ? state.ToView() : null };

    protected override ResourceAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };

    /// <summary>The target that a grant has to cover; null where an owner is gone.</summary>
    protected abstract ValueTask<ResourceTarget?> TargetOf(ResourceState state, CancellationToken cancellationToken);

    /// <summary>
    /// The rights that the resource gives: no caller creates, changes or deletes one that gives more than it has.
    /// </summary>
    protected virtual ValueTask<Grant> RightsOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Grant.Nothing);

    /// <summary>What a new one's name is unique in; empty for its organization.</summary>
    protected virtual ValueTask<string> NameScopeOf(ResourceState state, CancellationToken cancellationToken) =>
        ValueTask.FromResult("");

    /// <summary>Another reason why a resource is not made, or not changed; null for none. Asked last.</summary>
    protected virtual ValueTask<ResourceAnswer?> RefuseLast(
        ResourceState next, ResourceState? current, CallContext context) =>
        ValueTask.FromResult<ResourceAnswer?>(null);

    /// <summary>Another reason why a caller may not delete a resource; null for none.</summary>
    protected virtual ValueTask<ResourceAnswer?> RefuseDeletion(ResourceState state, Caller? caller) =>
        ValueTask.FromResult<ResourceAnswer?>(null);

    /// <summary>Encrypts what comes with a command to be encrypted.</summary>
    protected virtual ResourceState Protect(ResourceState state, ProtectedText? secret) => state;

    protected IOrganizationGrain Organization(OrganizationId id) =>
        GrainFactory.GetGrain<IOrganizationGrain>(id.ToString());

    /// <summary>What was answered under the key of a call, once others know what is there now.</summary>
    private protected async ValueTask<ResourceAnswer?> Earlier(ResourceState state, Idempotency? call) =>
        state.Earlier(call, Now) is { } known ? await Told(state, known) : null;

    /// <summary>The id is taken: by this very command, by the same call before, or by another.</summary>
    private ResourceAnswer Repeated(ResourceState existing, CallContext context)
    {
        var isOwn = CurrentCommand == context.CommandId.ToString("N");
        return existing.RefusalToRepeat(context, isOwn, Time.GetUtcNow()) is { } refusal
            ? Refused(refusal)
            : Done(existing) with { Repeated = !isOwn };
    }

    /// <summary>Why a caller may not delete a resource; null where it may.</summary>
    private async ValueTask<ResourceAnswer?> RefuseDelete(
        ResourceState state, Caller? caller, CancellationToken cancellationToken) =>
        await Hide(state, caller, "delete", cancellationToken)
        ?? await RefuseRights(state, caller, cancellationToken)
        ?? await RefuseDeletion(state, caller);

    /// <summary>Why a caller may not act on an existing resource; null where it may.</summary>
    private protected async ValueTask<ResourceAnswer?> Hide(
        ResourceState state, Caller? caller, string verb, CancellationToken cancellationToken)
    {
        if (caller is null)
        {
            return null;
        }

        if (await TargetOf(state, cancellationToken) is not { } target || caller.OrganizationId != state.OrganizationId)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        var hidden = caller.Grant.Covers($"{kind.Api}:get", target) ? ResourceRefusal.Forbidden : ResourceRefusal.NotFound;
        return caller.Grant.Covers($"{kind.Api}:{verb}", target) ? null : Refused(hidden);
    }

    /// <summary>Why a caller may not make a resource what it is to be; null where it may.</summary>
    private async ValueTask<ResourceAnswer?> Refuse(
        ResourceState next, Caller? caller, string verb, CancellationToken cancellationToken)
    {
        if (!next.IsOf(caller))
        {
            return Refused(ResourceRefusal.NotFound);
        }

        if (await TargetOf(next, cancellationToken) is not { } target)
        {
            return Refused(ResourceRefusal.OwnerGone);
        }

        return caller is not null && !caller.Grant.Covers($"{kind.Api}:{verb}", target)
            ? Refused(ResourceRefusal.BeyondGrant)
            : await RefuseRights(next, caller, cancellationToken);
    }

    private async ValueTask<ResourceAnswer?> RefuseRights(
        ResourceState state, Caller? caller, CancellationToken cancellationToken) =>
        caller is null || (await RightsOf(state, cancellationToken)).IsWithin(caller.Grant)
            ? null
            : Refused(ResourceRefusal.BeyondGrant);
}
