using System.Collections.Immutable;
using Orleans.Concurrency;
using TokenActors.Domain.Lists;
using TokenActors.Domain.Time;
using TokenActors.Grains.Abstractions.Audit;
using TokenActors.Grains.Abstractions.Calls;
using TokenActors.Grains.Foundation;
using TokenActors.Grains.Organizations;
using TokenActors.Storage.Audit;
using TokenActors.Storage.Records;

namespace TokenActors.Grains.Audit;

/// <summary>Lists the audit trail, and notes what changed nothing. Owns nothing.</summary>
[StatelessWorker]
[GrainType("audit")]
public sealed class AuditGrain(IRecordStore store, IAuditPages pages, AuditHistory history, TimeProvider time) : Grain, IAuditGrain
{
    /// <summary>Longer than any statement of a writer may take, and than clocks of silos differ.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    public async Task<ImmutableArray<AuditedCall>> List(AuditListRequest request, CancellationToken cancellationToken)
    {
        List<ListProblem> problems = [];
        var query = ListQueryParser.Parse(AuditList.Schema, [], [], [], request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        var filters = query.Filters;
        if (request.StartAfter is { } after)
        {
            filters = filters.Add(
                new ListFilter(AuditList.CreatedAt, request.Descending ? ListOperator.Lt : ListOperator.Gt, [after]));
        }

        if (request.Accounts is { } accounts)
        {
            // No accounts are nothing: an empty text would find what is about no account at all.
            if (accounts.IsEmpty)
            {
                return [];
            }

            filters = filters.Add(new ListFilter(AuditList.AccountId, ListOperator.In, accounts));
        }

        var rows = await store.AuditCalls(request.OrganizationId.ToString(), filters, request.Limit, request.Descending)
            .UntilCanceled(cancellationToken);
        return [.. rows.Select(View)];
    }

    public async Task<ImmutableArray<AuditRecord>> Read(ReadAudit request, CancellationToken cancellationToken)
    {
        List<ListProblem> problems = [];
        var parsed = ListQueryParser.Parse(LifecycleAuditList.Schema, [], [], [], request.Filters, problems)
            ?? throw new ArgumentException(problems[0].Message, nameof(request));
        if (request.Accounts is { IsEmpty: true })
        {
            // No accounts are nothing: an empty text would find what is about no account at all.
            return [];
        }

        var filters = request.Accounts is { } accounts
            ? parsed.Filters.Add(new ListFilter(AuditList.AccountId, ListOperator.In, accounts))
            : parsed.Filters;
        var rows = await pages.Page(new AuditPageQuery(
            request.OrganizationId.ToString(),
            filters,
            request.AfterTime is { } at ? new AuditPlace(at, request.AfterNumber) : null,
            request.OnlySettled ? time.GetUtcNow() - Settled : null,
            request.Limit,
            request.Descending)).UntilCanceled(cancellationToken);
        return [.. rows.Select(View)];
    }

    public async Task<ImmutableArray<AuditRecord>> History(ReadHistory request, CancellationToken cancellationToken)
    {
        var rows = await history.Page(request.SubjectId, request.Before ?? long.MaxValue, request.Limit)
            .UntilCanceled(cancellationToken);
        var organization = request.OrganizationId.ToString();
        return [.. rows.Where(row => row.Entry.OrganizationId == organization).Select(View)];
    }

    public Task Refused(RefusedCall call) => Note(call.Context, "call.refused", call.Reason);

    public Task Previewed(CallContext context) => Note(context, "call.previewed", "previewed");

    /// <summary>A row about a call that changed nothing.</summary>
    private Task Note(CallContext context, string happened, string outcome)
    {
        var caller = context.Caller ?? throw new ArgumentException("a noted call has a caller", nameof(context));
        return store.Append(new AuditEntry
        {
            OrganizationId = caller.OrganizationId.ToString(),
            At = time.GetUtcNow().CutToMicroseconds(),
            Event = happened,
            Subject = new RecordKey("call", context.CommandId.ToString()),
            SubjectVersion = 0,
            CommandId = context.CommandId.ToString("N"),
            ActorTokenId = caller.TokenId.ToString(),
            ActorMemberId = caller.MemberId.ToString(),
            RemoteAddress = context.Origin?.RemoteAddress,
            UserAgent = context.Origin?.UserAgent,
            Method = context.Origin?.Method,
            Path = context.Origin?.Path,
            Code = context.Origin?.Code,
            Outcome = outcome,
        });
    }

    private static AuditRecord View(ProvedEntry row) => new()
    {
        Number = row.Number,
        At = row.Entry.At,
        Event = row.Entry.Event,
        SubjectKind = row.Entry.Subject.Kind,
        SubjectId = row.Entry.Subject.Id,
        SubjectVersion = row.Entry.SubjectVersion,
        Outcome = row.Entry.Outcome,
        CommandId = row.Entry.CommandId,
        TokenId = row.Entry.ActorTokenId,
        MemberId = row.Entry.ActorMemberId,
        Address = row.Entry.RemoteAddress,
        UserAgent = row.Entry.UserAgent,
        Method = row.Entry.Method,
        Path = row.Entry.Path,
        Status = row.Entry.Code,
        AccountId = row.Entry.AccountId,
        IntegrationId = row.Entry.IntegrationId,
        Link = row.Link,
        Code = row.Code,
    };

    private static AuditedCall View(AuditEntry entry) => new()
    {
        At = entry.At,
        Event = entry.Event,
        Subject = $"{entry.Subject.Kind}/{entry.Subject.Id}",
        Outcome = entry.Outcome,
        Code = entry.Code,
        MemberId = entry.ActorMemberId,
        AccountId = entry.AccountId,
        IntegrationId = entry.IntegrationId,
        Count = entry.Event == LogonAttempts.Failed ? entry.SubjectVersion : null,
        Origin = new CallOrigin
        {
            RemoteAddress = entry.RemoteAddress,
            UserAgent = entry.UserAgent,
            Method = entry.Method,
            Path = entry.Path,
            Code = entry.Code,
        },
    };
}
