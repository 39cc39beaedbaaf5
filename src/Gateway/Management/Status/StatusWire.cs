using TokenActors.Gateway.Http;
using TokenActors.Gateway.Management.Accounts;
using TokenActors.Gateway.Management.Integrations;
using TokenActors.Grains.Abstractions.ResourceModel;
using TokenActors.Grains.Abstractions.Status;

namespace TokenActors.Gateway.Management.Status;

/// <summary><c>Status</c>: what an integration came to since its last reset.</summary>
internal sealed record StatusWire
{
    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string AccountId { get; init; }

    public AccountWire? Account { get; init; }

    public required string IntegrationId { get; init; }

    public IntegrationWire? Integration { get; init; }

    /// <summary><c>unused</c>, <c>ok</c>, or <c>failures</c> where something failed.</summary>
    public required string Status { get; init; }

    public required long Requests { get; init; }

    public required long Failed { get; init; }

    /// <summary>Microseconds.</summary>
    public required long CpuTime { get; init; }

    public required long DbOps { get; init; }

    public required long ApiOps { get; init; }

    public required long InBytes { get; init; }

    public required long OutBytes { get; init; }

    public static StatusWire From(Resource integration, IntegrationTotals? totals)
    {
        var counts = totals?.Counts ?? new IntegrationCounts();
        return new()
        {
            CreatedAt = integration.CreatedAt,
            UpdatedAt = totals?.UpdatedAt ?? integration.CreatedAt,
            AccountId = ResourceFields.Of(integration.Content.Integration).AccountId.ToString(),
            IntegrationId = integration.Id.ToString(),
            Status = WordOf(counts),
            Requests = counts.Requests,
            Failed = counts.Failed,
            CpuTime = counts.CpuTime,
            DbOps = counts.DbOps,
            ApiOps = counts.ApiOps,
            InBytes = counts.InBytes,
            OutBytes = counts.OutBytes,
        };
    }

    private static string WordOf(IntegrationCounts counts) => counts switch
    {
        { Failed: > 0 } => "failures",
        { Requests: > 0 } => "ok",
        _ => "unused",
    };
}

/// <summary><c>StatusEvent</c>.</summary>
internal sealed record StatusEventWire(
    string AccountId, string IntegrationId, DateTimeOffset CreatedAt, string Status, string? Error, long Request);

/// <summary><c>TimeseriesResult</c>: an hour.</summary>
internal sealed record TimeseriesPointWire(
    DateTimeOffset CreatedAt, long Succeeded, long Failed, long CpuTime, long InBytes, long OutBytes);

/// <summary><c>GetStatusTimeseriesResult</c>.</summary>
internal sealed record TimeseriesWire(
    DateTimeOffset StartTime, DateTimeOffset EndTime, string Interval, IReadOnlyList<TimeseriesPointWire> Series)
{
    public static TimeseriesWire From(IReadOnlyList<IntegrationHour> hours) => new(
        hours[0].Start, hours[^1].Start.AddHours(1), "1h",
        [
            .. hours.Select(hour => new TimeseriesPointWire(
                hour.Start, hour.Counts.Requests - hour.Counts.Failed, hour.Counts.Failed, hour.Counts.CpuTime,
                hour.Counts.InBytes, hour.Counts.OutBytes)),
        ]);
}

/// <summary>An error in a connector's report.</summary>
internal sealed record ReportedErrorWire(string Status, string? Error);

/// <summary>Body of a connector's report: what it did since its last one.</summary>
internal sealed record StatusReportRequest(
    long? Requests, long? Failed, long? CpuTime, long? DbOps, long? ApiOps, long? InBytes, long? OutBytes,
    IReadOnlyList<ReportedErrorWire>? Errors) : IRequestBody<StatusReportRequest>
{
    private const int LongestStatus = 100;

    public static StatusReportRequest? Read(JsonFields fields)
    {
        StatusReportRequest report = new(
            Count(fields, "requests"), Count(fields, "failed"), Count(fields, "cpu_time"), Count(fields, "db_ops"),
            Count(fields, "api_ops"), Count(fields, "in_bytes"), Count(fields, "out_bytes"), ReadErrors(fields));
        if (report.Failed > (report.Requests ?? 0))
        {
            fields.Reject("failed", "must not be more than requests");
        }

        fields.RefuseUnknown();
        return report;
    }

    public IntegrationCounts ToCounts() => new()
    {
        Requests = Requests ?? 0,
        Failed = Failed ?? 0,
        CpuTime = CpuTime ?? 0,
        DbOps = DbOps ?? 0,
        ApiOps = ApiOps ?? 0,
        InBytes = InBytes ?? 0,
        OutBytes = OutBytes ?? 0,
    };

    private static List<ReportedErrorWire>? ReadErrors(JsonFields fields)
    {
        if (fields.Any("errors") is not { } given)
        {
            return null;
        }

        if (given.ValueKind != System.Text.Json.JsonValueKind.Array)
        {
            fields.Reject("errors", "must be an array of objects");
            return null;
        }

        List<ReportedErrorWire> errors = [];
        foreach (var (i, item) in given.EnumerateArray().Index())
        {
            if (fields.Item("errors", i, item) is { } error)
            {
                var status = error.Text("status", required: true, LongestStatus);
                errors.Add(new ReportedErrorWire(status ?? "", error.Text("error")));
                error.RefuseUnknown();
            }
        }

        return errors;
    }

    /// <summary>No more than a sum of reports comes to.</summary>
    private static long? Count(JsonFields fields, string name)
    {
        const long most = 1L << 50;
        var count = fields.Number(name);
        if (count is < 0 or > most)
        {
            fields.Reject(name, $"must lie between 0 and {most}");
        }

        return count;
    }
}
