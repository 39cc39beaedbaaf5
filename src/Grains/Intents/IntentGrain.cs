using TokenActors.Domain.Intents;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Intents;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Intents;

/// <summary>
/// A command that waits for a person. It keeps what was wished for and who took it; the gateway carries it out for the
/// one who did. Its reminder removes the row once nobody can ask for it any more.
/// </summary>
[GrainType(Kinds.Intent)]
public sealed class IntentGrain(IRecordStore store, SiloLease lease, ISiloPrograms programs, TimeProvider time)
    : RecordGrain<Intent>(store, lease, time, Kinds.Intent), IIntentGrain, IRemindable
{
    /// <summary>Of one organization, those among them that lapsed within the last minutes.</summary>
    private const int MostOpen = 100;

    /// <summary>Of one member, so that a model in a loop leaves room for the others.</summary>
    private const int MostOfMember = 50;

    public async Task<IntentAnswer> Make(MakeIntent command)
    {
        var caller = CallerOf(command.Context);
        if (await LoadIfMade(CancellationToken.None) is { } existing)
        {
            return Known(existing, command, caller);
        }

        if (!programs.AllHave(Kinds.Intent))
        {
            LeaveIfAbsent();
            return Refused(IntentRefusal.UpgradePending);
        }

        Quota all = new() { Kinds = [Kinds.Intent], OrganizationId = caller.OrganizationId, Most = MostOpen };
        var ofMember = all with { MemberId = caller.MemberId.ToString(), Most = MostOfMember };
        if (!await GrainFactory.Take(ofMember, Key.Id) || !await GrainFactory.Take(all, Key.Id))
        {
            await GrainFactory.Release(ofMember, Key.Id);
            LeaveIfAbsent();
            return Refused(IntentRefusal.TooMany);
        }

        Intent intent = new()
        {
            Id = Guid.ParseExact(Key.Id, "D"),
            OrganizationId = caller.OrganizationId,
            MemberId = caller.MemberId,
            TokenId = caller.TokenId,
            Command = command.Command,
            Subject = command.Subject,
            Body = command.Body,
            CreatedAt = Now,
            LapsesAt = Now + IntentMachine.Holds,
            UpdatedAt = Now,
            Version = 1,
        };
        var answer = await Apply(
            () => Current is { } other
                ? Step<Intent, IntentAnswer>.Just(Known(other, command, caller))
                : Step(intent, command.Context, "made"),
            CancellationToken.None);
        await Task.WhenAll(GrainFactory.Release(ofMember, Key.Id), GrainFactory.Release(all, Key.Id));
        await Remind();
        return answer;
    }

    public Task<IntentAnswer> Get(CallContext context)
    {
        LeaveIfAbsent();
        return Task.FromResult(
            Current is { } intent && IsSeenBy(intent, CallerOf(context)) ? Shown(intent) : Refused(IntentRefusal.NotFound));
    }

    public async Task<IntentAnswer> Collect(CollectIntent command)
    {
        var (caller, key) = (CallerOf(command.Context), Convert.ToBase64String(command.Key));
        await LoadIfMade(CancellationToken.None);
        var answer = await Apply(
            () =>
            {
                if (Current is not { } current || !IsSeenBy(current, caller))
                {
                    return Step<Intent, IntentAnswer>.Just(Refused(IntentRefusal.NotFound));
                }

                if (IntentMachine.Collect(current, caller.TokenId, key, Now) is not { } next)
                {
                    return Step<Intent, IntentAnswer>.Just(Refused(IntentRefusal.Over));
                }

                return ReferenceEquals(next, current)
                    ? Step<Intent, IntentAnswer>.Just(Shown(current))
                    : Step(next, command.Context, "collected");
            },
            CancellationToken.None);
        await Remind();
        return answer;
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        DemandOwn(reminderName);
        if (Current is { } over && over.DueAt <= Now)
        {
            var commandId = InternalCommand().CommandId.ToString("N");
            await Apply(
                () => new Step<Intent, bool>(
                    null, RowWriter.Purge(IntentRow.Of(over with { Version = over.Version + 1 }, commandId)), _ => true),
                CancellationToken.None);
        }

        await Remind();
    }

    protected override Intent Restore(StoredRecord record) => IntentRow.Read(record);

    private async Task Remind()
    {
        LeaveIfAbsent();
        if (Current is { } intent)
        {
            await RegisterReminder(Kinds.ReminderOf(Kinds.Intent), intent.DueAt);
        }
    }

    private Step<Intent, IntentAnswer> Step(Intent next, CallContext context, string happened)
    {
        var row = IntentRow.Of(next, context.CommandId.ToString("N"));
        var entry = AuditEntries.Of(
            Key, context, row.CommandId, row.OrganizationId, $"{Kinds.Intent}.{happened}", next.Version, Now);
        return new(next, new Commit(row, next.Version - 1, [entry]), _ => Shown(next));
    }

    /// <summary>The same command again gives the intent that it made.</summary>
    private static IntentAnswer Known(Intent intent, MakeIntent command, Caller caller) =>
        IsSeenBy(intent, caller)
        && (intent.Command, intent.Subject, intent.Body) == (command.Command, command.Subject, command.Body)
            ? Shown(intent)
            : Refused(IntentRefusal.IdTaken);

    private static bool IsSeenBy(Intent intent, Caller caller) =>
        intent.OrganizationId == caller.OrganizationId && intent.MemberId == caller.MemberId;

    private static Caller CallerOf(CallContext context) =>
        context.Caller ?? throw new ArgumentException("an intent has a caller", nameof(context));

    private static IntentAnswer Shown(Intent intent) => new() { Intent = IntentRow.ViewOf(intent) };

    private static IntentAnswer Refused(IntentRefusal refusal) => new() { Refusal = refusal };
}
