using TokenActors.Domain.Jobs;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.DurableJobs;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using static TokenActors.Grains.Imports.ImportAnswers;

namespace TokenActors.Grains.Imports;

/// <summary>The import of many keys, in shares of some lines.</summary>
[GrainType(Kinds.ImportJob)]
public sealed class ImportJobGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, RestrictionGate gate,
    LocalAuthorities authorities,
    TimeProvider time)
    : JobGrain<ImportJob, ImportJobAnswer>(store, lease, time, Kinds.ImportJob), IImportJobGrain, IImportRunGrain
{
    private const string Making = "tokens:create";

    private static readonly CallOrigin Origin = new() { Method = "POST", Path = "/lifecycle/v1/tokens/import", Code = "202" };

    protected override ImportJobAnswer NotFound => Refused(ImportJobRefusal.NotFound);

    protected override (string UntilItEnds, string[] UntilPurged) Parts => (Kinds.ImportBatch, [Kinds.ImportFailures]);

    public async Task<ImportJobAnswer> Make(MakeImportJob command)
    {
        var caller = JobCallers.Of(command.Context);
        if (!gate.IsKnown(Restriction.Imports))
        {
            LeaveIfAbsent();
            return Refused(ImportJobRefusal.UpgradePending);
        }

        var quota = UnfinishedImports.QuotaOf(caller.OrganizationId);
        if (await LoadIfMade(CancellationToken.None) is null && !await GrainFactory.Take(quota, Key.Id))
        {
            LeaveIfAbsent();
            return Refused(ImportJobRefusal.TooMany);
        }

        var job = ImportJobMachine.Make(
            new ImportJob
            {
                Id = Guid.ParseExact(Key.Id, "D"),
                OrganizationId = caller.OrganizationId,
                Starter = JobCallers.StarterOf(caller),
                Request = [.. command.Request],
                Status = ImportJobStatus.Receiving,
                Total = command.Total,
                CreatedAt = Now,
                UpdatedAt = Now,
                Version = 1,
            },
            Now);
        var answer = await Apply(
            () => Current is { } other
                ? Step<ImportJob, ImportJobAnswer>.Just(Known(other, command, caller))
                : StepTo(job, command.Context, "made", Shown(job)),
            CancellationToken.None);
        await GrainFactory.Release(quota, Key.Id);
        await GoOn();
        return answer;
    }

    public async Task<ImportJobAnswer> Find(FindImportJob query)
    {
        var job = await LoadIfMade(CancellationToken.None);
        LeaveIfAbsent();
        return job is null ? NotFound : Known(job, query.Request, JobCallers.Of(query.Context));
    }

    public Task<ImportJobAnswer> Append(AppendImportLines command) => ChangeSeen(
        command.Context,
        happened: null,
        job => ImportJobMachine.Receive(job, command.From, command.Lines.Length, Now),
        job => command.Lines.IsEmpty || job.Received > command.From
            ? []
            : [ImportBatches.Of(
                job, command.From, [.. command.Lines.Select(line => StoredImportLine.From(line, peppers))],
                NewCommandId())]);

    public Task<ImportJobAnswer> Start(CallContext context) =>
        ChangeSeen(context, "started", job => ImportJobMachine.Start(job, Now));

    public Task<ImportJobAnswer> Get(CallContext context)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { } job && JobCallers.Of(context).See(job, Making) ? Shown(job) : NotFound);
    }

    public async Task<ImportResults> Results(ReadImportResults query)
    {
        LeaveIfAbsent();
        return Current is { } job && JobCallers.Of(query.Context).See(job, Making)
            ? await new ImportReport(Store, job).Read(query)
            : new ImportResults { Refusal = ImportJobRefusal.NotFound };
    }

    public Task<ImportJobAnswer> Stop(CallContext context) =>
        ChangeSeen(context, "stopped", job => ImportJobMachine.Stop(job, Now));

    protected override ImportJob Restore(StoredRecord record) => ImportJobRow.Read(record);

    protected override StoredRecord RowOf(ImportJob job, string commandId) => ImportJobRow.Of(job, commandId);

    protected override ImportJobAnswer Shown(ImportJob job) => ImportAnswers.Shown(job);

    protected override void CallRun() => this.AsReference<IImportRunGrain>().Run().Forget();

    /// <inheritdoc/>
    protected override async Task Advance(ImportJob job)
    {
        var lines = await ImportBatches.Read(Store, job, job.Asked);
        var schemes = await GrainFactory.GetGrain<IImportSchemesGrain>(job.OrganizationId.ToString()).List(CancellationToken.None);
        var imports = lines.Select(async line => (
            line.Number,
            Refusal: schemes.Any(scheme => scheme.Id == line.Scheme)
                ? await Importing(job).Import(job.Id, line)
                : TokenRefusal.SchemeGone));
        var results = await Task.WhenAll(imports);
        StoredImportFailure[] failures =
        [
            .. results.SelectMany(result => result.Refusal is { } refusal
                ? (StoredImportFailure[])[new(result.Number, refusal)]
                : []),
        ];
        ImportedShare share = new(results.Length - failures.Length, failures.Length);
        await Note(
            current => ImportJobMachine.Advance(current, job.Asked, share, Now),
            failures.Length == 0 ? [] : [ImportBatches.Failures(job, job.Asked, failures, NewCommandId())]);
    }

    /// <summary>One for each line: what it heard of the organization belongs to one command.</summary>
    private TokenImports Importing(ImportJob job) => new(
        Store, GrainFactory, settings, gate, new OwnerAsking(authorities, () => GrainFactory, Time), JobCallers.Of(job), Origin, Time);

    /// <summary>A transition by a caller who sees the import.</summary>
    private Task<ImportJobAnswer> ChangeSeen(
        CallContext context, string? happened, Func<ImportJob, ImportJob?> change, Func<ImportJob, IReadOnlyList<Commit>>? others = null)
    {
        bool IsSeen(ImportJob job) => JobCallers.Of(context).See(job, Making);
        return Change(
            context, happened, job => IsSeen(job) ? change(job) : null,
            job => Refused(IsSeen(job) ? ImportJobRefusal.Incomplete : ImportJobRefusal.NotFound), others);
    }
}
