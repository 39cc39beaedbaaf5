using TokenActors.Domain.Members;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Members;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Tokens;
using TokenActors.Grains.Records;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Members;

/// <summary>Deleting a member: its tokens are dead with it, and cleaned up afterwards; the reminder finishes what a crash interrupted.</summary>
public sealed partial class MemberGrain
{
    private const string Cascade = Kinds.Cascade;
    private const int AtOnce = 1000;

    private static readonly TimeSpan TickAgain = TimeSpan.FromMinutes(1);

    public async Task<MemberAnswer> Delete(DeleteResource command)
    {
        if (Current is { DeletedAt: not null } && CurrentCommand == command.Context.CommandId.ToString("N"))
        {
            await TellAuthority();
            return new MemberAnswer();
        }

        if (Found(command.Context.Caller) is not { } before)
        {
            return Refused(ResourceRefusal.NotFound);
        }

        var after = before with { DeletedAt = time.GetUtcNow().CutToMicroseconds(), CascadePending = true };
        var answer = await RefuseRights(before, before, command.Context.Caller)
            ?? await Leaving(before, after, () => Change(command.Context, "member.deleted", current => current?.Version == before.Version ? after : null));
        if (answer.Refusal is null)
        {
            this.AsReference<IMemberGrain>().FinishDelete().Forget();
        }

        return answer with { Member = null };
    }

    public Task<MemberAnswer> EndWithOrganization(DeleteResource command) =>
        command.Context.Caller is not null || Found(null) is not { } before
            ? Task.FromResult(Refused(ResourceRefusal.NotFound))
            : Change(command.Context, "member.deleted", _ => before with { DeletedAt = time.GetUtcNow().CutToMicroseconds() });

    public async Task FinishDelete()
    {
        if (Current is not { CascadePending: true } state)
        {
            return;
        }

        while (await Guarded(() => Store.Live(Kinds.Token, state.OrganizationId.ToString(), state.Id.ToString(), AtOnce)) is { Count: > 0 } tokens)
        {
            foreach (var token in tokens)
            {
                await GrainFactory.GetGrain<IRefreshTokenGrain>(token.Key.Id).EndWithOwner(new ChangeToken { Context = Internal() });
            }
        }

        await Apply(() => Current is { CascadePending: true } current
            ? StepTo(current with { CascadePending = false }, Internal(), "member.cascade_finished")
            : Step<MemberState, MemberAnswer>.Just(new MemberAnswer()));
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName != Cascade)
        {
            throw new ArgumentException($"no reminder '{reminderName}'", nameof(reminderName));
        }

        await FinishDelete();
        if (Current is { DeletedAt: { } deletedAt, CascadePending: false } && time.GetUtcNow() - deletedAt >= MemberRecord.KeptAfterDelete)
        {
            await Apply(() =>
            {
                var step = StepTo(Current!, Internal(), "member.purged");
                return step with { State = null, Commit = step.Commit! with { Purges = true } };
            });
        }

        LeaveIfAbsent();
        if (Current is { } state && MemberRecord.Of(state, "").DueAt is { } due)
        {
            var wait = due - time.GetUtcNow();
            await Guarded(() => this.RegisterOrUpdateReminder(Cascade, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, TickAgain));
        }
    }
}
