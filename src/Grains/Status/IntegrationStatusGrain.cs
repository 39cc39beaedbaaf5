using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Identity;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Status;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.ResourceModel;
using TokenActors.Storage.Records;
using TokenActors.Storage.Status;

namespace TokenActors.Grains.Status;

/// <summary>Reads what integrations are used for, and takes reports into its silo's book. Owns nothing.</summary>
[StatelessWorker]
[GrainType("integration-status")]
public sealed class IntegrationStatusGrain(StatusBook book, StatusStore store, IRecordStore records, TimeProvider time)
    : Grain, IIntegrationStatusGrain
{
    private const int HoursOfDay = 24;
    private const int LongestStatus = 100;
    private const int LongestError = 1024;

    public async Task<bool> Report(IntegrationReport report, CancellationToken cancellationToken)
    {
        var (organization, id) = (report.OrganizationId, report.IntegrationId);
        if (await GrainFactory.Integration(organization, id, cancellationToken) is null)
        {
            return false;
        }

        var errors = report.Errors.Select(
            error => (Stored(error.Status, LongestStatus) ?? "", Stored(error.Error, LongestError)));
        book.Report(organization, id, CountsOf(report.Counts), errors);
        return true;
    }

    public async Task<ImmutableArray<IntegrationTotals>> Totals(
        OrganizationId organization, ImmutableArray<Guid> integrations, CancellationToken cancellationToken)
    {
        var ids = integrations.Select(id => id.ToString()).Distinct().ToList();
        var rows = await store.Totals(organization.ToString(), ids).UntilCanceled(cancellationToken);
        return
        [
            .. rows.Select(row => new IntegrationTotals
            {
                IntegrationId = Guid.Parse(row.IntegrationId), UpdatedAt = row.UpdatedAt, Counts = View(row.Counts),
            }),
        ];
    }

    public async Task Reset(ResetIntegrationStatus command, CancellationToken cancellationToken)
    {
        var (organization, id) = (command.OrganizationId.ToString(), command.IntegrationId.ToString());
        var now = time.GetUtcNow().CutToMicroseconds();
        cancellationToken.ThrowIfCancellationRequested();

        // What this silo has counted belongs to the hours, and not to the totals that begin now.
        await book.Write();
        await store.Reset(organization, id, now);
        await records.Append(AuditEntries.Of(
            new RecordKey(Kinds.Integration, id), command.Context, command.Context.CommandId.ToString("N"),
            organization,
            "integration.status_reset", version: 0, now, about: (command.AccountId, command.IntegrationId)));
    }

    public async Task<ImmutableArray<IntegrationEvent>> Events(
        IntegrationEventsRequest request, CancellationToken cancellationToken)
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(StatusLists.Events, [], [], [], request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        var filters = query.Filters;
        if (request.StartAfter is { } after)
        {
            filters = filters.Add(
                new ListFilter(StatusLists.At, request.Descending ? ListOperator.Lt : ListOperator.Gt, [after]));
        }

        var rows = await store.Events(request.IntegrationId.ToString(), filters, request.Limit, request.Descending)
            .UntilCanceled(cancellationToken);
        return
        [
            .. rows.Select(row => new IntegrationEvent
            {
                At = row.At, Status = row.Status, Error = row.Error, Request = row.Request,
            }),
        ];
    }

    public async Task<ImmutableArray<IntegrationHour>> LastDay(
        OrganizationId organization, Guid? integration, CancellationToken cancellationToken)
    {
        var first = StatusStore.HourOf(time.GetUtcNow()).AddHours(1 - HoursOfDay);
        var rows = await store.Hours(organization.ToString(), integration?.ToString(), first)
            .UntilCanceled(cancellationToken);
        var counted = rows.ToDictionary(row => row.Hour, row => row.Counts);
        return
        [
            .. Enumerable.Range(0, HoursOfDay).Select(hour => first.AddHours(hour)).Select(start => new IntegrationHour
            {
                Start = start, Counts = View(counted.GetValueOrDefault(start)),
            }),
        ];
    }

    /// <summary>One text that a database refuses would keep all that is written with it from being written.</summary>
    private static string? Stored(string? text, int longest) =>
        text is not null && StorableText.Is(text) ? StorableText.Cut(text, longest) : null;

    private static StatusCounts CountsOf(IntegrationCounts counts) => new StatusCounts(
        counts.Requests, counts.Failed, counts.CpuTime, counts.DbOps, counts.ApiOps, counts.InBytes, counts.OutBytes).Clamp();

    private static IntegrationCounts View(StatusCounts counts) => new()
    {
        Requests = counts.Requests,
        Failed = counts.Failed,
        CpuTime = counts.CpuTime,
        DbOps = counts.DbOps,
        ApiOps = counts.ApiOps,
        InBytes = counts.InBytes,
        OutBytes = counts.OutBytes,
    };
}
