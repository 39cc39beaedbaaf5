using TokenActors.Domain.Grants;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>
/// A resource of an organization: what creating, reading, replacing and deleting share. It owns the resource's row and the reminder
/// <c>cascade</c>; <c>.Deletion</c> holds the cascade. A kind says what its content means: where it lies, what it hangs on, what it gives.
/// </summary>
public abstract partial class ResourceGrain(IRecordStore store, SiloLease lease, Clock time, ResourceKind kind)
    : RecordGrain<ResourceState>(store, lease, kind.Name), IResourceGrain, IRemindable
{
    private static readonly TimeSpan AnswersKept = TimeSpan.FromMinutes(10);

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

        var next = current with { Name = command.Name, FullName = command.FullName, Content = command.Content };
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

    /// <summary>What must be there, and not about to be deleted, for the resource to be made.</summary>
    protected virtual IReadOnlyList<RecordKey> ParentsOf(ResourceState state) => [];

    /// <summary>What the resource hangs on; null for its organization.</summary>
    protected virtual string? OwnerOf(ResourceState state) => null;

    /// <summary>What the resource gives to whoever has it: no caller makes, changes or deletes what gives more than it has.</summary>
    protected virtual ValueTask<Grant> RightsOf(ResourceState state) => ValueTask.FromResult(Grant.Nothing);

    /// <summary>Null where the content's references hold, else which do not.</summary>
    protected virtual ValueTask<string?> BrokenReference(ResourceState state) => ValueTask.FromResult<string?>(null);

    /// <summary>Told after a commit and before its answer.</summary>
    protected virtual Task Committed(ResourceState state) => Task.CompletedTask;

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

    /// <summary>
    /// Commits what <paramref name="change"/> makes of the row as it is; null from it means that the row is not as it was when the caller's
    /// rights were asked.
    /// </summary>
    private async Task<ResourceAnswer> Commit(CallContext context, string happened, ResourceState wanted, Func<ResourceState?, ResourceState?> change)
    {
        var commandId = context.CommandId.ToString("N");
        var answer = await Apply(() =>
        {
            if (Current is { } own && CurrentCommand == commandId)
            {
                return Step<ResourceState, ResourceAnswer>.Just(Done(own));
            }

            if (change(Current) is not { } next)
            {
                return Step<ResourceState, ResourceAnswer>.Just(
                    Current is null or { DeletedAt: not null } ? Refused(ResourceRefusal.NotFound)
                    : wanted.Version == 0 ? Refused(ResourceRefusal.IdTaken)
                    : Refused(ResourceRefusal.ChangedMeanwhile));
            }

            if (Current is { } same && next.ToJson() == same.ToJson())
            {
                return Step<ResourceState, ResourceAnswer>.Just(Done(next));
            }

            var now = time.GetUtcNow().CutToMicroseconds();
            next = next with { UpdatedAt = now, Version = (Current?.Version ?? 0) + 1 };
            return new Step<ResourceState, ResourceAnswer>(next, CommitOf(next, context, happened, commandId, now), outcome => outcome switch
            {
                CommitOutcome.Done => Done(next),
                CommitOutcome.NameTaken => Refused(ResourceRefusal.NameTaken),
                CommitOutcome.ParentGone => Refused(ResourceRefusal.OwnerGone),
                _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
            });
        });
        if (answer.Refusal is null && Current is { } state)
        {
            await Committed(state);
        }

        return answer;
    }

    private Commit CommitOf(ResourceState next, CallContext? context, string happened, string commandId, DateTimeOffset now)
    {
        var organization = next.OrganizationId.ToString();
        var audit = Audit(context, commandId, organization, $"{kind.Name}.{happened}", next.Version, now);
        var record = new StoredRecord
        {
            Key = Key,
            Version = next.Version,
            CommandId = commandId,
            State = next.ToJson(),
            OrganizationId = organization,
            OwnerId = OwnerOf(next) ?? organization,
            Name = next.Name,
            NameKey = next.DeletedAt is null ? next.Name.ToLowerInvariant() : null,
            Status = next.DeletedAt is null ? StoredRecord.Live : next.CascadePending ? StoredRecord.Deleting : StoredRecord.Deleted,
            CreatedAt = next.CreatedAt,
            UpdatedAt = next.UpdatedAt,
            DueAt = NextDue(next),
        };
        return new Commit(record, next.Version - 1, [audit])
        {
            LiveParents = Current is null ? [new(Kinds.Organization, organization), .. ParentsOf(next)] : [],
            Renames = Current is { } before && next.DeletedAt is null && !before.Name.Equals(next.Name, StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>The id is taken: by this very command, by the same call before, or by another.</summary>
    private ResourceAnswer Repeated(ResourceState existing, CallContext context)
    {
        if (existing.DeletedAt is null && IsWithin(existing, context.Caller))
        {
            if (CurrentCommand == context.CommandId.ToString("N"))
            {
                return Done(existing);
            }

            if (context.Idempotency is { } call && existing.CreatedBy is { } made && made.Key.AsSpan().SequenceEqual(call.Key)
                && time.GetUtcNow() - existing.CreatedAt < AnswersKept)
            {
                return made.Request.AsSpan().SequenceEqual(call.Request) ? Done(existing) with { Repeated = true } : Refused(ResourceRefusal.IdempotencyConflict);
            }
        }

        return Refused(ResourceRefusal.IdTaken);
    }

    protected static ResourceAnswer Refused(ResourceRefusal refusal) => new() { Refusal = refusal };

    private static ResourceAnswer Done(ResourceState state) => new() { Resource = state.DeletedAt is null ? state.ToView() : null };
}
