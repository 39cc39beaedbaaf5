using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Secrets;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Credentials;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// A resource of an organization: what creating, reading, replacing and deleting share. It owns the resource's row and the reminder
/// <c>cascade</c>; <c>.Deletion</c> holds the cascade. A kind says what its content means: where it lies, what it hangs on, what it gives.
/// </summary>
public abstract partial class ResourceGrain(IRecordStore store, SiloLease lease, TimeProvider time, ResourceKind kind)
    : RecordGrain<ResourceState>(store, lease, kind.Name), IResourceGrain, IRemindable
{
    private static readonly TimeSpan AnswersKept = TimeSpan.FromMinutes(10);

    protected DateTimeOffset Now => time.GetUtcNow().CutToMicroseconds();

    protected Guid Id => Guid.ParseExact(this.GetPrimaryKeyString(), "D");

    public async Task<ResourceAnswer> Create(CreateResource command)
    {
        if (Current is { } existing)
        {
            return Repeated(existing, command.Context);
        }

        var now = time.GetUtcNow().CutToMicroseconds();
        var name = command.Name ?? this.GetPrimaryKeyString();
        var state = new ResourceState
        {
            Id = Id,
            OrganizationId = command.OrganizationId,
            Name = name,
            FullName = command.FullName ?? name,
            Content = command.Content,
            CreatedAt = now,
            UpdatedAt = now,
            CreatedBy = command.Context.Idempotency is { } call ? new CreatingCall(call.Key, call.Request) : null,
        };
        state = Protect(state, command.Secret);
        if (await Refuse(state, command.Context.Caller, "create") is { } refusal)
        {
            LeaveIfAbsent();
            return refusal;
        }

        return await Commit(command.Context, "created", state, current => current is null ? state : null);
    }

    public async Task<ResourceAnswer> Get(ReadResource query)
    {
        LeaveIfAbsent();
        return Current is { DeletedAt: null } state && state.OrganizationId == query.OrganizationId
            ? await Hide(state, query.Caller, query.Verb) ?? Done(state)
            : Refused(ResourceRefusal.NotFound);
    }

    public async Task<ResourceAnswer> Update(UpdateResource command)
    {
        if (Current is not { DeletedAt: null } current || !IsWithin(current, command.Context.Caller))
        {
            LeaveIfAbsent();
            return Refused(ResourceRefusal.NotFound);
        }

        if (CurrentCommand == command.Context.CommandId.ToString("N"))
        {
            return Done(current);
        }

        if (await Hide(current, command.Context.Caller, command.Verb) is { } hidden)
        {
            return hidden;
        }

        var next = Protect(current with { Name = command.Name, FullName = command.FullName, Content = command.Content }, command.Secret);
        if (await RefuseRights(current, command.Context.Caller) is { } before)
        {
            return before;
        }

        if (await Refuse(next, command.Context.Caller, command.Verb) is { } after)
        {
            return after;
        }

        return await Commit(command.Context, "updated", next, state =>
            state is not { DeletedAt: null } || state.Version != current.Version || (command.ExpectedVersion is { } expected && expected != state.Version)
                ? null
                : next);
    }

    protected override ResourceState Restore(StoredRecord record) => ResourceState.FromRecord(record);

    /// <summary>Where the resource lies, so that grants can be asked about it.</summary>
    protected abstract ValueTask<ResourceTarget?> TargetOf(ResourceState state);

    /// <summary>What the audit trail says that a change was about.</summary>
    private static (Guid? AccountId, Guid? IntegrationId) About(ResourceState state) => state.Content switch
    {
        { Account: not null } => (state.Id, null),
        { Integration: { } integration } => (integration.AccountId, state.Id),
        { Credential: { OwnerType: CredentialOwner.Account } credential } => (credential.OwnerId, null),
        { Credential: { OwnerType: CredentialOwner.Integration } credential } => (null, credential.OwnerId),
        _ => default,
    };

    /// <summary>What must be there, and not about to be deleted, for the resource to be made.</summary>
    protected virtual IReadOnlyList<RecordKey> ParentsOf(ResourceState state) => [];

    /// <summary>What the resource hangs on; null for its organization.</summary>
    protected virtual string? OwnerOf(ResourceState state) => null;

    /// <summary>What the resource gives to whoever has it: no caller makes, changes or deletes what gives more than it has.</summary>
    protected virtual ValueTask<Grant> RightsOf(ResourceState state) => ValueTask.FromResult(Grant.Nothing);

    /// <summary>Null where the content's references hold, else which do not.</summary>
    protected virtual ValueTask<string?> BrokenReference(ResourceState state) => ValueTask.FromResult<string?>(null);

    /// <summary>Encrypts what comes with a command to be encrypted.</summary>
    protected virtual ResourceState Protect(ResourceState state, ProtectedText? secret) => state;

    /// <summary>Told after a commit and before its answer.</summary>
    protected virtual Task Committed(ResourceState state) => Task.CompletedTask;

    /// <summary>A change that nobody asked for and that shows nowhere.</summary>
    protected Task Rewrite(string happened, Func<ResourceState, ResourceState> change) => Current is { DeletedAt: null } state
        ? Commit(Internal(), happened, state, current => current is { DeletedAt: null } ? change(current) : null)
        : Task.CompletedTask;

    protected IOrganizationGrain Organization(OrganizationId id) => GrainFactory.GetGrain<IOrganizationGrain>(id.ToString());

    private static bool IsWithin(ResourceState state, Caller? caller) => caller is null || caller.OrganizationId == state.OrganizationId;

    /// <summary>What does not let the caller at an existing resource.</summary>
    private async ValueTask<ResourceAnswer?> Hide(ResourceState state, Caller? caller, string verb)
    {
        if (caller is null)
        {
            return null;
        }

        return await TargetOf(state) is not { } target || caller.OrganizationId != state.OrganizationId ? Refused(ResourceRefusal.NotFound)
            : caller.Grant.Covers($"{kind.Api}:{verb}", target) ? null
            : Refused(caller.Grant.Covers($"{kind.Api}:get", target) ? ResourceRefusal.Forbidden : ResourceRefusal.NotFound);
    }

    /// <summary>What forbids a resource to become what it is to be.</summary>
    private async ValueTask<ResourceAnswer?> Refuse(ResourceState next, Caller? caller, string verb)
    {
        if (!IsWithin(next, caller))
        {
            return Refused(ResourceRefusal.NotFound);
        }

        if (await TargetOf(next) is not { } target)
        {
            return Refused(ResourceRefusal.OwnerGone);
        }

        if (caller is not null && !caller.Grant.Covers($"{kind.Api}:{verb}", target))
        {
            return Refused(ResourceRefusal.BeyondGrant);
        }

        return await RefuseRights(next, caller)
            ?? (await BrokenReference(next) is { } broken ? Refused(ResourceRefusal.InvalidReference) with { Details = [broken] } : null);
    }

    private async ValueTask<ResourceAnswer?> RefuseRights(ResourceState state, Caller? caller) =>
        caller is null || (await RightsOf(state)).IsWithin(caller.Grant) ? null : Refused(ResourceRefusal.BeyondGrant);

    protected static ResourceAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };

    private static ResourceAnswer Done(ResourceState state) => new() { Resource = state.DeletedAt is null ? state.ToView() : null };
}
