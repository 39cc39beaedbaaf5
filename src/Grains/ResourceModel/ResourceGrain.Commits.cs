using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.ResourceModel;

/// <summary>How a resource is written, and how a repeated create is told.</summary>
public abstract partial class ResourceGrain
{
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
        var audit = Audit(context, commandId, organization, $"{kind.Name}.{happened}", next.Version, now, about: About(next));
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
}
