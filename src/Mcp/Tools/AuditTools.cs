using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using TokenActors.Client;
using TokenActors.Client.Audit;
using TokenActors.Mcp.Callers;
using TokenActors.Mcp.Foundation;

namespace TokenActors.Mcp.Tools;

/// <summary>The audit trail.</summary>
internal sealed class AuditTools(McpSession session)
{
    private const int RowsAtOnce = 100;
    private const int MostPages = 20;

    private const string Filters =
        "conditions that must all hold, each as field[operator]value. Fields: at, event, subject_kind, subject_id, "
        + "outcome, status, method, path, address, user_agent, token_id, member_id, account_id, integration_id. "
        + "Example: subject_id[eq]… or at[gte]2026-01-01T00:00:00Z";

    [Tool("audit_search", "Search the audit trail", "audit:list")]
    [Description(
        "Calls that changed something or were refused, newest first, each with the chain's link and code that prove it.")]
    public Task<Rows<AuditRow>> Search(
        [Description(Filters)] string[]? filter = null,
        [Description("at[asc] for the oldest first")] string? order = null,
        [Description(Paging.Limit), Range(1, Paging.MostRows)] int limit = Paging.RowsByDefault,
        [Description(Paging.Cursor)] string? cursor = null,
        CancellationToken cancellation = default) => Rows<AuditRow>.Of(
            session.Client.Audit.List(Paging.Query(filter, order is null ? null : [order], limit, cursor)), cancellation);

    [Tool("audit_verify", "Compare audit rows with the trail", "audit:list")]
    [Description(
        "Whether rows that were told before still stand in the trail under the same code. A code covers everything "
        + "that a row says and only the service can make it. That no row is missing is proved by the operator with "
        + "'tokenactors-silo verify-audit'.")]
    public async Task<AuditComparison> Verify(
        [Description("at most 50 rows that audit_search or token_history told")] KeptRow[] rows,
        CancellationToken cancellation = default)
    {
        if (rows is not { Length: > 0 and <= Paging.MostRows })
        {
            throw new ArgumentException("rows must hold 1 to 50 rows");
        }

        var told = await Read(rows.Min(row => row.At), rows.Max(row => row.At), cancellation).ConfigureAwait(false);
        List<long> missing = [], differing = [], unproved = [];
        foreach (var row in rows)
        {
            if (!told.TryGetValue(row.Number, out var now))
            {
                missing.Add(row.Number);
            }
            else if (now.At != row.At || (row.Code is { } code && now.Chain?.Code != code))
            {
                differing.Add(row.Number);
            }
            else if (row.Code is null)
            {
                unproved.Add(row.Number);
            }
        }

        return new(rows.Length - missing.Count - differing.Count - unproved.Count, missing, differing, unproved);
    }

    private async Task<Dictionary<long, AuditRow>> Read(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        ListQuery query = new() { Filters = [$"at[gte]{Text(from)}", $"at[lte]{Text(to)}"], Limit = RowsAtOnce };
        Dictionary<long, AuditRow> told = [];
        var pages = 0;
        await foreach (var page in session.Client.Audit.List(query).Pages(cancellation).ConfigureAwait(false))
        {
            foreach (var row in page.Items)
            {
                told[row.Number] = row;
            }

            if (++pages == MostPages)
            {
                throw new ArgumentException("the rows lie too far apart; compare rows of a shorter time at once");
            }
        }

        return told;
    }

    private static string Text(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A row as it was told before.</summary>
/// <param name="Number">its number</param>
/// <param name="At">its time</param>
/// <param name="Code">the code of its <c>chain</c>; absent where it had none yet</param>
internal sealed record KeptRow(long Number, DateTimeOffset At, string? Code = null);

/// <summary>What a comparison came to.</summary>
/// <param name="Same">how many rows stand in the trail under the same code</param>
/// <param name="Missing">numbers that are not there, or that the caller does not see</param>
/// <param name="Differing">numbers whose time or code is another</param>
/// <param name="Unproved">numbers that are there and were kept without a code</param>
internal sealed record AuditComparison(
    int Same, IReadOnlyList<long> Missing, IReadOnlyList<long> Differing, IReadOnlyList<long> Unproved);
