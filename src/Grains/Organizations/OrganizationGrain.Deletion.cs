using TokenActors.Domain.Grants;
using TokenActors.Domain.Organizations;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.Organizations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Organizations;

/// <summary>
/// Deleting an organization. A deleted one says to every verification that it does not exist, which is enough for nothing of it to be
/// accepted; what belongs to it is cleaned up afterwards.
/// </summary>
public sealed partial class OrganizationGrain
{
    private const string Cascade = Kinds.Cascade;
    private const int AtOnce = 100;

    private static readonly TimeSpan KeptAfterDelete = TimeSpan.FromDays(30);
    private static readonly TimeSpan TickAgain = TimeSpan.FromMinutes(1);

    /// <summary>Tokens last: what hangs on a resource goes with it.</summary>
    private static readonly string[] Belongings = [.. ResourceKinds.Names, Kinds.Member, Kinds.Token];

    public async Task<OrganizationAnswer> Delete(DeleteResource command)
    {
        var answer = await Apply(() =>
        {
            if (Current is { DeletedAt: not null } && CurrentCommand == command.Context.CommandId.ToString("N"))
            {
                return Step<OrganizationState, OrganizationAnswer>.Just(new());
            }

            if (Current is not { DeletedAt: null } current || current.ParentId is null
                || (command.Context.Caller is { } caller
                    && (caller.OrganizationId != current.ParentId || !caller.Grant.Covers("suborgs:delete", new ResourceTarget(Key.Id)))))
            {
                return Step<OrganizationState, OrganizationAnswer>.Just(Refused(ResourceRefusal.NotFound));
            }

            var now = time.GetUtcNow().CutToMicroseconds();
            return AnswerTo(current with { DeletedAt = now, CascadePending = true }, command.Context, "organization.deleted", now);
        });
        if (answer.Refusal is null)
        {
            this.AsReference<IOrganizationGrain>().FinishDelete().Forget();
        }

        return answer;
    }

    public async Task FinishDelete()
    {
        if (Current is not { CascadePending: true })
        {
            return;
        }

        foreach (var kind in Belongings)
        {
            while (await Guarded(() => Store.Live(kind, Key.Id, memberId: null, AtOnce)) is { Count: > 0 } rows)
            {
                foreach (var row in rows)
                {
                    await Remove(row.Key);
                }
            }
        }

        await Apply(() => Current is { CascadePending: true } current
            ? AnswerTo(current with { CascadePending = false }, Internal(), "organization.cascade_finished", time.GetUtcNow().CutToMicroseconds())
            : Step<OrganizationState, OrganizationAnswer>.Just(new()));
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
            await Apply(() =>
            {
                var step = AnswerTo(dead, Internal(), "organization.purged", time.GetUtcNow().CutToMicroseconds());
                return step with { State = null, Commit = step.Commit! with { Purges = true } };
            });
        }

        LeaveIfAbsent();
        if (Current is { } state && NextDue(state) is { } due)
        {
            var wait = due - time.GetUtcNow();
            await Guarded(() => this.RegisterOrUpdateReminder(Cascade, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TickAgain));
        }
    }

    /// <summary>By calls that belong to nobody, so that no grant is asked: members and resources of a deleted organization ask it no more.</summary>
    private Task Remove(RecordKey row) => row.Kind switch
    {
        Kinds.Token => GrainFactory.GetGrain<IRefreshTokenGrain>(row.Id).EndWithOwner(new ChangeToken { Context = Internal() }),
        Kinds.Member => GrainFactory.GetGrain<IMemberGrain>(row.Id).EndWithOrganization(new DeleteResource { Context = Internal() }),
        _ => ResourceKinds.Of(row.Kind).Grain(GrainFactory, row.Id).Delete(new DeleteResource { Context = Internal() }),
    };

    private static DateTimeOffset? NextDue(OrganizationState state) =>
        state.DeletedAt is not { } deletedAt ? null : state.CascadePending ? deletedAt : deletedAt + KeptAfterDelete;
}
