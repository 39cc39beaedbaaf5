using TokenActors.Domain.Jobs;
using TokenActors.Domain.Tokens;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Abstractions.Imports;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.LocalReads;
using TokenActors.Grains.Tokens;
using TokenActors.Storage.Records;
using TokenActors.Storage.Secrets;
using static TokenActors.Grains.Imports.ImportAnswers;

namespace TokenActors.Grains.Imports;

/// <summary>
/// The import of many keys: one share at a time, each noted before the next begins. A reminder takes up one whose silo
/// died; its commands are those of before, so that no line is imported twice.
/// </summary>
[GrainType(Kinds.ImportJob)]
public sealed class ImportJobGrain(
    IRecordStore store, SiloLease lease, PepperRing peppers, TokenSettings settings, RestrictionGate gate, LocalAuthorities authorities,
    TimeProvider time)
    : RecordGrain<ImportJob>(store, lease, time, Kinds.ImportJob), IImportJobGrain, IImportRunGrain, IRemindable
{
    private static readonly CallOrigin Origin = new() { Method = "POST", Path = "/lifecycle/v1/tokens/import", Code = "202" };

    /// <summary>After how long a share that was not answered is asked again; the reminder does so too.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(3);

    private bool _isUnderWay;
    private bool _isReminded;

    public async Task<ImportJobAnswer> Make(MakeImportJob command)
    {
        var caller = CallerOf(command.Context);
        if (!gate.IsKnown(Restriction.Imports))
        {
            LeaveIfAbsent();
            return Refused(ImportJobRefusal.UpgradePending);
        }

        var job = ImportJobMachine.Make(
            new ImportJob
            {
                Id = Guid.ParseExact(Key.Id, "D"),
                OrganizationId = caller.OrganizationId,
                Starter = new JobStarter(caller.TokenId, caller.MemberId, caller.Ancestors, caller.Grant),
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
                : Step(job, command.Context, "made", Shown(job)),
            CancellationToken.None);
        await GoOn();
        return answer;
    }

    public Task<ImportJobAnswer> Append(AppendImportLines command) => Change(
        command.Context,
        happened: null,
        job => ImportJobMachine.Receive(job, command.From, command.Lines.Length, Now),
        job => command.Lines.IsEmpty || job.Received > command.From
            ? []
            : [ImportBatches.Of(job, command.From, [.. command.Lines.Select(line => StoredImportLine.From(line, peppers))], NewCommandId())]);

    public Task<ImportJobAnswer> Start(CallContext context) =>
        Change(context, "started", job => ImportJobMachine.Start(job, Now));

    public Task<ImportJobAnswer> Get(CallContext context)
    {
        LeaveIfAbsent();
        return Task.FromResult(Current is { } job && IsSeenBy(job, CallerOf(context))
            ? Shown(job)
            : Refused(ImportJobRefusal.NotFound));
    }

    public async Task<ImportResults> Results(ReadImportResults query)
    {
        LeaveIfAbsent();
        return Current is { } job && IsSeenBy(job, CallerOf(query.Context))
            ? await new ImportReport(Store, job).Read(query)
            : new ImportResults { Refusal = ImportJobRefusal.NotFound };
    }

    public Task<ImportJobAnswer> Stop(CallContext context) =>
        Change(context, "stopped", job => ImportJobMachine.Stop(job, Now));

    public async Task Run()
    {
        if (Current is not { Status: ImportJobStatus.Running } job)
        {
            return;
        }

        _isUnderWay = false;
        var isAsked = false;
        try
        {
            await Advance(job);
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
            await ImportBatches.Drop(Store, Kinds.ImportBatch, Key, NewCommandId);
            await ImportBatches.Drop(Store, Kinds.ImportFailures, Key, NewCommandId);
            await Apply(
                () => new Step<ImportJob, bool>(
                    null, RowWriter.Purge(ImportJobRow.Of(over with { Version = over.Version + 1 }, NewCommandId())), _ => true),
                CancellationToken.None);
        }

        if (Current is { } stalled && stalled.DueAt <= Now)
        {
            // Its call to itself was lost.
            _isUnderWay = false;
        }

        await GoOn();
    }

    protected override ImportJob Restore(StoredRecord record) => ImportJobRow.Read(record);

    /// <summary>Imports a share, and notes what it came to.</summary>
    private async Task Advance(ImportJob job)
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
        await Write(
            current => ImportJobMachine.Advance(current, job.Asked, share, Now),
            InternalCommand(),
            next => next.EndedAt is null ? null : "finished",
            _ => failures.Length == 0 ? [] : [ImportBatches.Failures(job, job.Asked, failures, NewCommandId())]);
    }

    /// <summary>One for each line: what it heard of the organization belongs to one command.</summary>
    private TokenImports Importing(ImportJob job) => new(
        Store, settings, gate, new OwnerAsking(authorities, () => GrainFactory, Time), ImportJobRow.CallerOf(job), Origin, Time);

    /// <summary>The next share by a call of its own, or what is left to do for one that ended.</summary>
    private async Task GoOn()
    {
        LeaveIfAbsent();
        if (Current is not { } job)
        {
            return;
        }

        if (job.Status == ImportJobStatus.Running && !_isUnderWay)
        {
            _isUnderWay = true;
            this.AsReference<IImportRunGrain>().Run().Forget();
        }

        if (job.EndedAt is not null)
        {
            await ImportBatches.Drop(Store, Kinds.ImportBatch, Key, NewCommandId);
        }

        // It ticks every minute from then on, however far the import gets meanwhile.
        if (!_isReminded || job.EndedAt is not null)
        {
            await RegisterReminder(Kinds.Run, job.DueAt);
            _isReminded = true;
        }
    }

    /// <summary>A transition by a caller who sees the import.</summary>
    private async Task<ImportJobAnswer> Change(
        CallContext context, string? happened, Func<ImportJob, ImportJob?> change, Func<ImportJob, IReadOnlyList<Commit>>? others = null)
    {
        if (await LoadIfMade(CancellationToken.None) is not { } job || !IsSeenBy(job, CallerOf(context)))
        {
            LeaveIfAbsent();
            return Refused(ImportJobRefusal.NotFound);
        }

        var answer = await Write(change, context, _ => happened, others) ?? Refused(ImportJobRefusal.Incomplete);
        await GoOn();
        return answer;
    }

    /// <returns>null where there is no next state</returns>
    private Task<ImportJobAnswer?> Write(
        Func<ImportJob, ImportJob?> change, CallContext context, Func<ImportJob, string?> happened,
        Func<ImportJob, IReadOnlyList<Commit>>? others = null) => Apply(
        () =>
        {
            if (Current is not { } current || change(current) is not { } next)
            {
                return Step<ImportJob, ImportJobAnswer?>.Just(null);
            }

            return ReferenceEquals(next, current)
                ? Step<ImportJob, ImportJobAnswer?>.Just(Shown(current))
                : Step<ImportJobAnswer?>(next, context, happened(next), Shown(next)) with { Others = others?.Invoke(current) ?? [] };
        },
        CancellationToken.None);

    /// <summary>Writes a state, with an audit row unless only its progress changed.</summary>
    private Step<ImportJob, TAnswer> Step<TAnswer>(ImportJob next, CallContext context, string? happened, TAnswer answer)
    {
        var row = ImportJobRow.Of(next, context.CommandId.ToString("N"));
        AuditEntry[] audit = happened is null
            ? []
            : [AuditEntries.Of(Key, context, row.CommandId, row.OrganizationId, $"{Kinds.ImportJob}.{happened}", next.Version, Now)];
        return new(next, new Commit(row, next.Version - 1, audit), _ => answer);
    }

    private string NewCommandId() => InternalCommand().CommandId.ToString("N");
}
