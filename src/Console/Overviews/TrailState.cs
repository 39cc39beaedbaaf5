using TokenActors.Client.Audit;

namespace TokenActors.WebConsole.Overviews;

/// <summary>Why calls were refused, and how often.</summary>
/// <param name="Reason">as the trail says</param>
/// <param name="Count">among the rows that were looked at</param>
public sealed record Refusal(string Reason, int Count);

/// <summary>
/// What the latest rows of the trail say of refusals and of the chain. No more rows are read than these.
/// </summary>
/// <param name="Rows">the latest, newest first</param>
/// <param name="Refusals">by reason, the most frequent first</param>
/// <param name="Link">the newest link of the chain; null where no row of these is in one</param>
/// <param name="Waiting">how many rows are in no link yet</param>
/// <param name="WaitingSince">when the oldest of those was written</param>
public sealed record TrailState(
    IReadOnlyList<AuditRow> Rows, IReadOnlyList<Refusal> Refusals, long? Link, int Waiting, DateTimeOffset? WaitingSince)
{
    private const int Shown = 8;

    /// <summary>A link is made a minute later; this much later something is wrong.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);

    private static readonly string[] Refused =
        ["refused", "failure", "forbidden", "not_found", "conflict", "too_many_requests", "invalid"];

    /// <summary>The few that are shown.</summary>
    public IReadOnlyList<AuditRow> Newest { get; } = [.. Rows.Take(Shown)];

    /// <summary>The chain does not follow the trail.</summary>
    public bool IsBehind(DateTimeOffset now) => now - WaitingSince > LongWait;

    public static TrailState Of(IReadOnlyList<AuditRow> rows)
    {
        var waiting = rows.Where(row => row.Chain is null).ToList();
        return new(
            rows,
            [
                .. rows.Where(row => Refused.Contains(row.Outcome)).GroupBy(row => row.Outcome)
                    .Select(group => new Refusal(group.Key, group.Count())).OrderByDescending(refusal => refusal.Count),
            ],
            rows.Max(row => row.Chain?.Link),
            waiting.Count,
            waiting.Count > 0 ? waiting.Min(row => row.At) : null);
    }
}
