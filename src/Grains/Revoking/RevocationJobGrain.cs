using TokenActors.Domain.Grants;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Revoking;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>
/// The revocation of many tokens: one share at a time, each noted before the next begins. A reminder takes up a job
/// whose silo died; its commands are those of before, so that no token is asked for something new.
/// </summary>
[GrainType(Kinds.RevocationJob)]
public sealed class RevocationJobGrain(IRecordStore store, SiloLease lease, ISiloPrograms programs, TimeProvider time)
    : RecordGrain<RevocationJob>(store, lease, time, Kinds.RevocationJob), IRevocationJobGrain, IRevocationRunGrain, IRemindable
{
    private const string Deleting = "tokens:delete";
    private const int AskedAtOnce = 100;

    /// <summary>After how long a share that was not answered is asked again; the reminder does so too.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(3);

    private bool _isUnderWay;
    private bool _isReminded;

    public async Task<RevocationJobAnswer> Make(MakeRevocationJob command, CancellationToken cancellationToken)
    {
        var caller = CallerOf(command.Context);
        if (await LoadIfMade(cancellationToken) is { } existing)
        {
            return Known(existing, command, caller);
        }

        // The reminder of an older silo would not know whom to call.
        if (!programs.AllHave(Kinds.RevocationJob))
        {
            LeaveIfAbsent();
            return Refused(RevocationJobRefusal.UpgradePending);
        }

        var catalog = GrainFactory.GetGrain<ICatalogGrain>("0");
        if (await RevocationSelection.Choose(catalog, command, caller, Now, cancellationToken) is not { } chosen)
        {
            return Refused(RevocationJobRefusal.TooManyTokens);
        }

        RevocationJob wanted = new()
        {
            Id = Guid.ParseExact(Key.Id, "D"),
            OrganizationId = caller.OrganizationId,
            Starter = StarterOf(caller),
            Status = RevocationJobStatus.Planned,
            Total = chosen.Tokens.Count,
            CreatedAt = Now,
            UpdatedAt = Now,
            Version = 1,
        };
        var job = RevocationJobMachine.Make(wanted, command.Filters, command.IsPlan, Now);
        var commandId = command.Context.CommandId.ToString("N");
        var happened = command.IsPlan ? "planned" : "started";
        var answer = await Apply(
            () => Current is { } other
                ? Step<RevocationJob, RevocationJobAnswer>.Just(Known(other, command, caller))
                : Step(job, command.Context, happened, Shown(job)) with
                {
                    Others = RevocationBatches.Of(job, chosen.Tokens, commandId),
                },
            cancellationToken);
        await GoOn();
        return answer with { Affected = chosen.Affected };
    }

    public Task<RevocationJobAnswer> Start(CallContext context)
    {
        var caller = CallerOf(context);
        return Change(
            context,
            "started",
            job => job.Starter.TokenId == caller.TokenId ? RevocationJobMachine.Start(job, StarterOf(caller), Now) : null,
            job => job.Starter.TokenId == caller.TokenId ? RevocationJobRefusal.PlanIsOver : RevocationJobRefusal.NotFound);
    }

    public Task<RevocationJobAnswer> Get(CallContext context)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { } job && IsSeenBy(job, CallerOf(context))
            ? Shown(job)
            : Refused(RevocationJobRefusal.NotFound));
    }

    public Task<RevocationJobAnswer> Stop(CallContext context) => Change(
        context,
        "stopped",
        job => IsSeenBy(job, CallerOf(context)) ? RevocationJobMachine.Stop(job, Now) : null,
        _ => RevocationJobRefusal.NotFound);

    public async Task Run()
    {
        if (Current is not { Status: RevocationJobStatus.Running } job)
        {
            return;
        }

        _isUnderWay = false;
        var isAsked = false;
        try
        {
            var tokens = await RevocationBatches.Read(Store, job, job.Asked, AskedAtOnce);
            var share = await new TokenRevocations(GrainFactory, job).Ask(tokens);
            await Write(current => RevocationJobMachine.Advance(current, job.Asked, share, Now), InternalCommand(), "finished");
            isAsked = true;
        }
        finally
        {
            if (!isAsked)
            {
                this.RegisterGrainTimer(GoOn, AgainAfter, Timeout.InfiniteTimeSpan);
            }
        }

        await GoOn();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (reminderName != Kinds.Run)
        {
            throw new ArgumentException($"no reminder '{reminderName}'", nameof(reminderName));
        }

        if (Current is { } over && over.IsOver(Now))
        {
            await RevocationBatches.Drop(Store, Key, NewCommandId);
            await Apply(
                () => new Step<RevocationJob, bool>(
                    null, RowWriter.Purge(RevocationJobRow.Of(over with { Version = over.Version + 1 }, NewCommandId())), _ => true),
                CancellationToken.None);
        }

        if (Current is { } stalled && stalled.DueAt <= Now)
        {
            // Its call to itself was lost.
            _isUnderWay = false;
        }

        await GoOn();
    }

    protected override RevocationJob Restore(StoredRecord record) => RevocationJobRow.Read(record);

    /// <summary>The next share by a call of its own, or what is left to do for a job that ended.</summary>
    private async Task GoOn()
    {
        LeaveIfAbsent();
        if (Current is not { } job)
        {
            return;
        }

        if (job.Status == RevocationJobStatus.Running && !_isUnderWay)
        {
            _isUnderWay = true;
            this.AsReference<IRevocationRunGrain>().Run().Forget();
        }

        if (job.EndedAt is not null)
        {
            await RevocationBatches.Drop(Store, Key, NewCommandId);
        }

        // It ticks every minute from then on, however far the job gets meanwhile.
        if (!_isReminded || job.EndedAt is not null)
        {
            await RegisterReminder(Kinds.Run, job.DueAt);
            _isReminded = true;
        }
    }

    /// <summary>A transition by a caller; null where it is refused.</summary>
    private async Task<RevocationJobAnswer> Change(
        CallContext context, string happened, Func<RevocationJob, RevocationJob?> change,
        Func<RevocationJob, RevocationJobRefusal> refusal)
    {
        if (await LoadIfMade(CancellationToken.None) is not { } job)
        {
            LeaveIfAbsent();
            return Refused(RevocationJobRefusal.NotFound);
        }

        var answer = await Write(change, context, happened) ?? Refused(refusal(job));
        await GoOn();
        return answer;
    }

    /// <returns>null where there is no next state</returns>
    private Task<RevocationJobAnswer?> Write(
        Func<RevocationJob, RevocationJob?> change, CallContext context, string happened) => Apply(
        () =>
        {
            if (Current is not { } current || change(current) is not { } next)
            {
                return Step<RevocationJob, RevocationJobAnswer?>.Just(null);
            }

            return ReferenceEquals(next, current)
                ? Step<RevocationJob, RevocationJobAnswer?>.Just(Shown(current))
                : Step<RevocationJobAnswer?>(next, context, next.EndedAt is null && happened == "finished" ? null : happened, Shown(next));
        },
        CancellationToken.None);

    /// <summary>The same command again gives the job that it made.</summary>
    private static RevocationJobAnswer Known(RevocationJob job, MakeRevocationJob command, Caller caller) =>
        IsSeenBy(job, caller) && job.Filters.SequenceEqual(command.Filters)
            ? Shown(job)
            : Refused(RevocationJobRefusal.IdTaken);

    /// <summary>Writes a state, with an audit row unless only its progress changed.</summary>
    private Step<RevocationJob, TAnswer> Step<TAnswer>(RevocationJob next, CallContext context, string? happened, TAnswer answer)
    {
        var row = RevocationJobRow.Of(next, context.CommandId.ToString("N"));
        AuditEntry[] audit = happened is null
            ? []
            :
            [
                AuditEntries.Of(
                    Key, context, row.CommandId, row.OrganizationId, $"{Kinds.RevocationJob}.{happened}", next.Version, Now),
            ];
        return new(next, new Commit(row, next.Version - 1, audit), _ => answer);
    }

    private string NewCommandId() => InternalCommand().CommandId.ToString("N");

    private static bool IsSeenBy(RevocationJob job, Caller caller) =>
        job.OrganizationId == caller.OrganizationId
        && (job.Starter.MemberId == caller.MemberId || caller.Grant.IsWholeIn(caller.OrganizationId.ToString(), Deleting));

    private static Caller CallerOf(CallContext context) =>
        context.Caller ?? throw new ArgumentException("a job has a caller", nameof(context));

    private static JobStarter StarterOf(Caller caller) =>
        new(caller.TokenId, caller.MemberId, caller.Ancestors, caller.Grant);

    private static RevocationJobAnswer Shown(RevocationJob job) => new() { Job = RevocationJobRow.ViewOf(job) };

    private static RevocationJobAnswer Refused(RevocationJobRefusal refusal) => new() { Refusal = refusal };
}
