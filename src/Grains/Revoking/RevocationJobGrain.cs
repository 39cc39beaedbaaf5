using TokenActors.Domain.Identity;
using TokenActors.Domain.Jobs;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Catalog;
using TokenActors.Grains.Abstractions.Previews;
using TokenActors.Grains.Abstractions.Revoking;
using TokenActors.Grains.DurableJobs;
using TokenActors.Grains.Foundation;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Revoking;

/// <summary>The revocation of many tokens, in shares of some of them.</summary>
[GrainType(Kinds.RevocationJob)]
public sealed class RevocationJobGrain(IRecordStore store, SiloLease lease, ISiloPrograms programs, TimeProvider time)
    : JobGrain<RevocationJob, RevocationJobAnswer>(store, lease, time, Kinds.RevocationJob), IRevocationJobGrain, IRevocationRunGrain
{
    private const string Deleting = "tokens:delete";
    private const int AskedAtOnce = 100;

    protected override RevocationJobAnswer NotFound => Refused(RevocationJobRefusal.NotFound);

    protected override RevocationJobAnswer NameTaken => Refused(RevocationJobRefusal.IdTaken);

    protected override (string UntilItEnds, string[] UntilPurged) Parts => (Kinds.RevocationBatch, []);

    public async Task<RevocationJobAnswer> Make(MakeRevocationJob command, CancellationToken cancellationToken)
    {
        var caller = JobCallers.Of(command.Context);
        if (await LoadIfMade(cancellationToken) is { } existing)
        {
            var known = Known(existing, command, caller);
            return known.Job is not null && (existing.Status == RevocationJobStatus.Planned || existing.Total == 0)
                ? known with { Affected = await AffectedOf(existing) }
                : known;
        }

        // The reminder of an older silo would not know whom to call.
        if (!programs.AllHave(Kinds.RevocationJob))
        {
            LeaveIfAbsent();
            return Refused(RevocationJobRefusal.UpgradePending);
        }

        var catalog = GrainFactory.GetGrain<ICatalogGrain>("0");
        if (await RevocationSelection.Choose(catalog, command, caller, cancellationToken) is not { } chosen)
        {
            LeaveIfAbsent();
            return Refused(RevocationJobRefusal.TooManyTokens);
        }

        // A plan of no token keeps nothing that could be started: it needs no place.
        return command.IsPlan && chosen.Count > 0
            ? await MakeInItsPlace(command, caller, chosen, cancellationToken)
            : await Make(command, caller, chosen, cancellationToken);
    }

    private async Task<RevocationJobAnswer> MakeInItsPlace(
        MakeRevocationJob command, Caller caller, IReadOnlyList<TokenId> chosen, CancellationToken cancellationToken)
    {
        var places = RevocationPlans.PlacesOf(caller.OrganizationId);
        if (!await GrainFactory.Take(places, Key.Id))
        {
            LeaveIfAbsent();
            return Refused(RevocationJobRefusal.TooManyPlans) with
            {
                Wait = await RevocationPlans.UntilOneIsOver(Store, caller.OrganizationId, Now),
            };
        }

        try
        {
            return await Make(command, caller, chosen, cancellationToken);
        }
        finally
        {
            await GrainFactory.Release(places, Key.Id);
        }
    }

    private async Task<RevocationJobAnswer> Make(
        MakeRevocationJob command, Caller caller, IReadOnlyList<TokenId> chosen, CancellationToken cancellationToken)
    {
        RevocationJob wanted = new()
        {
            Id = Guid.ParseExact(Key.Id, "D"),
            OrganizationId = caller.OrganizationId,
            Starter = JobCallers.StarterOf(caller),
            Status = RevocationJobStatus.Planned,
            Total = chosen.Count,
            CreatedAt = Now,
            UpdatedAt = Now,
            Version = 1,
        };
        var job = RevocationJobMachine.Make(wanted, command.Filters, command.IsPlan, KeyOf(command.Context), Now);
        var commandId = command.Context.CommandId.ToString("N");
        var happened = command.IsPlan ? "planned" : "started";
        var answer = await Apply(
            () => Current is { } other
                ? Step<RevocationJob, RevocationJobAnswer?>.Just(Known(other, command, caller))
                : NamedStepTo(job, command.Context, happened) with
                {
                    Others = RevocationBatches.Of(job, chosen, commandId),
                },
            cancellationToken) ?? NotFound;
        await GoOn();
        return command.IsPlan ? answer with { Affected = await AffectedBy(chosen) } : answer;
    }

    public Task<RevocationJobAnswer> Start(CallContext context)
    {
        var caller = JobCallers.Of(context);
        return Change(
            context,
            "started",
            job => job.Starter.TokenId == caller.TokenId
                ? RevocationJobMachine.Start(job, JobCallers.StarterOf(caller), KeyOf(context), Now)
                : null,
            job => job.Starter.TokenId == caller.TokenId ? Refused(RevocationJobRefusal.PlanIsOver) : NotFound);
    }

    public Task<RevocationJobAnswer> Get(CallContext context)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { } job && JobCallers.Of(context).See(job, Deleting) ? Shown(job) : NotFound);
    }

    public Task<RevocationJobAnswer> Stop(CallContext context) => Change(
        context,
        "stopped",
        job => JobCallers.Of(context).See(job, Deleting) ? RevocationJobMachine.Stop(job, Now) : null,
        _ => NotFound);

    protected override RevocationJob Restore(StoredRecord record) => RevocationJobRow.Read(record);

    protected override StoredRecord RowOf(RevocationJob job, string commandId) => RevocationJobRow.Of(job, commandId);

    protected override RevocationJobAnswer Shown(RevocationJob job) => new() { Job = RevocationJobRow.ViewOf(job) };

    protected override void CallRun() => this.AsReference<IRevocationRunGrain>().Run().Forget();

    /// <inheritdoc/>
    protected override async Task Advance(RevocationJob job)
    {
        var tokens = await RevocationBatches.Read(Store, job, job.Asked, AskedAtOnce);
        var share = await new TokenRevocations(GrainFactory, job).Ask(tokens);
        await Note(current => RevocationJobMachine.Advance(current, job.Asked, share, Now));
    }

    /// <summary>The same command again gives the job that it made.</summary>
    private RevocationJobAnswer Known(RevocationJob job, MakeRevocationJob command, Caller caller) =>
        caller.See(job, Deleting) && job.Filters.SequenceEqual(command.Filters)
            ? Shown(job)
            : Refused(RevocationJobRefusal.IdTaken);

    /// <summary>What a plan that is asked for again is about.</summary>
    private async Task<AffectedTokens> AffectedOf(RevocationJob job)
    {
        List<TokenId> tokens = [];
        while (tokens.Count < job.Total
            && await RevocationBatches.Read(Store, job, tokens.Count, RevocationBatches.Size) is { Count: > 0 } more)
        {
            tokens.AddRange(more);
        }

        return await AffectedBy(tokens);
    }

    private Task<AffectedTokens> AffectedBy(IReadOnlyList<TokenId> tokens) =>
        new RevocationCount(Store, Now).Run(tokens);

    private static string? KeyOf(CallContext context) =>
        context.Idempotency is { } call ? "key-" + Convert.ToHexStringLower(call.Key) : null;

    private static RevocationJobAnswer Refused(RevocationJobRefusal refusal) => new() { Refusal = refusal };
}
